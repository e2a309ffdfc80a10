using System.Data.Common;
using Dapper;
using ECommerce.Caching;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.CacheCoherence;

/// <summary>
/// The table <c>cache_flags</c>: parts of the cache that were disabled or enabled at run time.
/// </summary>
internal sealed class CacheFlagStore(
    [FromKeyedServices(DatabasePools.Background)] DbDataSource source, SchemaState schema) : ICacheFlagStore
{
    private const string Read = "SELECT name, is_on FROM cache_flags";

    private const string Write = """
        INSERT INTO cache_flags (name, is_on, changed_at) VALUES (@name, @isOn, UTC_TIMESTAMP(6))
        ON DUPLICATE KEY UPDATE is_on = @isOn, changed_at = UTC_TIMESTAMP(6)
        """;

    private const string Delete = "DELETE FROM cache_flags WHERE name = @name";

    public async Task<IReadOnlyDictionary<string, bool>> ReadAsync(CancellationToken cancellationToken = default)
    {
        // Without its tables the database has no flags.
        if (!schema.IsReady)
            return new Dictionary<string, bool>();
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(string Name, bool IsOn)>(
            new CommandDefinition(Read, cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Name, row => row.IsOn, StringComparer.Ordinal);
    }

    public async Task WriteAsync(string name, bool? isOn, CancellationToken cancellationToken = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                isOn is null ? Delete : Write, new { name, isOn }, cancellationToken: cancellationToken));
    }
}
