using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.Data.Locking;

/// <summary>
/// Leases in MySQL for work that one request may do at a time. They are stored beside the rows that they guard, so they
/// work without Redis, and use the database server's clock, so clocks of replicas may differ.
/// </summary>
internal sealed class BusinessLocks(
    DbDataSource source, [FromKeyedServices(DatabasePools.Background)] DbDataSource background, TimeProvider time,
    ILogger<BusinessLocks> logger)
{
    private const string TakeOver = """
        UPDATE locks
        SET owner = @owner, fence = fence + 1, expires_at = TIMESTAMPADD(MICROSECOND, @lease, UTC_TIMESTAMP(6))
        WHERE name = @name AND expires_at <= UTC_TIMESTAMP(6)
        """;

    private const string Insert = """
        INSERT IGNORE INTO locks (name, owner, fence, expires_at)
        VALUES (@name, @owner, 1, TIMESTAMPADD(MICROSECOND, @lease, UTC_TIMESTAMP(6)))
        """;

    private const string Fence = "SELECT fence FROM locks WHERE name = @name AND owner = @owner";

    private const string Holder = "SELECT owner FROM locks WHERE name = @name AND expires_at > UTC_TIMESTAMP(6)";

    /// <summary>
    /// Acquires the lease (<c>lock:order:process:acme:42</c>), which is renewed at a third of its time while held; null
    /// when another owner holds it: see <see cref="HolderAsync"/>.
    /// </summary>
    public async Task<BusinessLock?> TryAcquireAsync(string name, TimeSpan lease, string owner, CancellationToken ct)
    {
        // The suffix distinguishes the leases of one owner.
        var parameters = new { name, owner = $"{owner}#{Guid.NewGuid():N}", lease = (long)lease.TotalMicroseconds };
        await using var connection = await source.OpenConnectionAsync(ct);
        if (await connection.ExecuteAsync(new CommandDefinition(TakeOver, parameters, cancellationToken: ct)) == 0)
            await connection.ExecuteAsync(new CommandDefinition(Insert, parameters, cancellationToken: ct));
        var fence = await connection.ExecuteScalarAsync<long?>(
            new CommandDefinition(Fence, parameters, cancellationToken: ct));
        return fence is null
            ? null
            : new BusinessLock(background, time, logger, name, parameters.owner, fence.Value, lease);
    }

    /// <summary>The current owner of the lease; null if it is free.</summary>
    public async Task<string?> HolderAsync(string name, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var owner = await connection.ExecuteScalarAsync<string?>(
            new CommandDefinition(Holder, new { name }, cancellationToken: ct));
        return owner?[..owner.LastIndexOf('#')];
    }
}
