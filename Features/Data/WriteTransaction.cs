using System.Data.Common;
using Dapper;
using ECommerce.Caching;
using Microsoft.AspNetCore.Http;

namespace ECommerce.Features.Data;

/// <summary>
/// One write: its SQL, and what the caches must forget once it is committed. Disposed without a commit it rolls back and drops nothing.
/// </summary>
internal sealed class WriteTransaction(
    DbConnection connection, ICacheInvalidator invalidator, OutboxRelay relay, HttpContext? http) : IAsyncDisposable
{
    private readonly HashSet<string> _tags = new(StringComparer.Ordinal);

    // Statements, and not a transaction object of the client: the last one can go with others in one round trip.
    private const string Begin = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION";
    private const string Commit = "COMMIT";

    private bool _isOver;

    public DbConnection Connection => connection;

    /// <summary>Begins on an open connection, which belongs to the result.</summary>
    public Task BeginAsync(CancellationToken ct) => connection.ExecuteAsync(new CommandDefinition(Begin, cancellationToken: ct));

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

    /// <summary>Commits, and returns when the caches have forgotten what changed: only then may the response be written.</summary>
    /// <exception cref="CommitOutcomeUnknownException">The server did not respond to COMMIT.</exception>
    public async Task CommitAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        // From here on without the request's token: a cancelled COMMIT leaves open whether it happened.
        OutboxCommit committed;
        try
        {
            // In the same transaction: whatever happens to this process after COMMIT, the relay of some node will find the row.
            committed = _tags.Count > 0 ? await InvalidationOutbox.CommitAsync(connection, _tags) : await CommitAsync();
            _isOver = true;
        }
        catch (Exception exception)
        {
            // The connection may have broken after the server had committed: dropping too much is harmless, too little is not.
            await InvalidateAsync();
            if (!DatabaseErrors.IsOutcomeUnknown(exception))
                throw;
            throw new CommitOutcomeUnknownException(http?.Features.Get<IdempotencyClaim>() is not null, exception);
        }
        if (_tags.Count == 0)
            return;
        // All nodes that Redis knows of will have it; one that it does not know of, and that serves all the same, has said so before it read what we replaced.
        if (committed.AnyNodeIsPartitioned)
            SayDeferred();
        if (await InvalidateAsync() == InvalidationOutcome.Applied)
            relay.MarkApplied(committed.Id);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_isOver)
                await connection.ExecuteAsync("ROLLBACK");
        }
        catch (Exception exception) when (DatabaseErrors.IsDriverError(exception))
        {
            // The connection is gone, and the transaction with it.
        }
        await connection.DisposeAsync();
    }

    private async Task<OutboxCommit> CommitAsync()
    {
        await connection.ExecuteAsync(Commit);
        return new OutboxCommit(0, AnyNodeIsPartitioned: false);
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

    private void SayDeferred()
    {
        if (http is { Response.HasStarted: false })
            http.Response.Headers["Cache-Invalidation"] = "deferred";
    }

    private static CommandDefinition Command(string sql, object? parameters, CancellationToken ct) =>
        new(sql, parameters, cancellationToken: ct);
}
