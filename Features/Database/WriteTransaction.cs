using System.Data.Common;
using Dapper;
using ECommerce.Caching;
using Microsoft.AspNetCore.Http;

namespace ECommerce.Features.Database;

/// <summary>
/// One write: its SQL, and what the caches must forget once it is committed. Disposed without a commit it rolls back and drops nothing.
/// </summary>
internal sealed class WriteTransaction(
    DbConnection connection, DbTransaction transaction, ICacheInvalidator invalidator, OutboxRelay relay, HttpContext? http) : IAsyncDisposable
{
    private readonly HashSet<string> _tags = new(StringComparer.Ordinal);

    public DbConnection Connection => connection;

    public DbTransaction Transaction => transaction;

    public void Invalidate(params ReadOnlySpan<string> tags)
    {
        foreach (var tag in tags)
            _tags.Add(tag);
    }

    public void Invalidate(IEnumerable<string> tags) => _tags.UnionWith(tags);

    public Task<int> ExecuteAsync(string sql, object? parameters, CancellationToken ct) =>
        connection.ExecuteAsync(Command(sql, parameters, ct));

    public Task<T?> ScalarAsync<T>(string sql, object? parameters, CancellationToken ct) =>
        connection.ExecuteScalarAsync<T>(Command(sql, parameters, ct));

    public Task<T?> SingleOrDefaultAsync<T>(string sql, object? parameters, CancellationToken ct) =>
        connection.QuerySingleOrDefaultAsync<T>(Command(sql, parameters, ct));

    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? parameters, CancellationToken ct) =>
        [.. await connection.QueryAsync<T>(Command(sql, parameters, ct))];

    /// <summary>Runs an INSERT and returns the id that it made.</summary>
    public async Task<long> InsertAsync(string sql, object parameters, CancellationToken ct) =>
        await connection.ExecuteScalarAsync<long>(Command(sql + "; SELECT LAST_INSERT_ID()", parameters, ct));

    /// <summary>Commits, and returns when the caches have forgotten what changed: only then may the answer be written.</summary>
    public async Task CommitAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        // In the same transaction: whatever happens to this process after COMMIT, the relay of some node will find the row.
        var outboxId = _tags.Count == 0 ? 0 : await InvalidationOutbox.AddAsync(this, _tags, ct);
        try
        {
            // From here on without the request's token: a commit cut short leaves open whether it happened.
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch
        {
            // The connection may have broken after the server had committed: forgetting too much is harmless, too little is not.
            await InvalidateAsync();
            throw;
        }
        if (_tags.Count == 0)
            return;
        // Both after the commit, and side by side: either finds a node that could still show what was replaced.
        var findingCutOffNodes = FindCutOffNodesAsync();
        if (await InvalidateAsync() == InvalidationOutcome.Applied)
            relay.MarkApplied(outboxId);
        await findingCutOffNodes;
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private async Task<InvalidationOutcome> InvalidateAsync()
    {
        if (_tags.Count == 0)
            return InvalidationOutcome.Applied;
        var outcome = await invalidator.InvalidateAsync(_tags, CancellationToken.None);
        if (outcome == InvalidationOutcome.Deferred)
            SayDeferred();
        return outcome;
    }

    /// <summary>All nodes that Redis knows of have it; one that it does not know of, and that serves all the same, has said so before it read what we replaced.</summary>
    private async Task FindCutOffNodesAsync()
    {
        try
        {
            if (await CutOffNodes.AnyAsync(connection))
                SayDeferred();
        }
        catch (Exception)
        {
            // It is committed; only what other nodes show is in doubt.
            SayDeferred();
        }
    }

    private void SayDeferred()
    {
        if (http is { Response.HasStarted: false })
            http.Response.Headers["Cache-Invalidation"] = "deferred";
    }

    private CommandDefinition Command(string sql, object? parameters, CancellationToken ct) =>
        new(sql, parameters, transaction, cancellationToken: ct);
}
