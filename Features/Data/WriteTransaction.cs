using System.Data.Common;
using Dapper;
using ECommerce.Caching;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace ECommerce.Features.Data;

/// <summary>
/// One write: its rows and statements, and the tags that are invalidated once it is committed. Disposed without a
/// commit it rolls back and invalidates nothing.
/// </summary>
internal sealed class WriteTransaction(
    ECommerceDbContext db, DbConnection connection, WriteScope scope, InvalidationRules rules,
    ICacheInvalidator invalidator,
    OutboxRelay relay, PartitionedNodes partitionedNodes, TimeProvider time, HttpContext? http) : IAsyncDisposable
{
    private readonly CommitTags _tags = new(invalidator);

    // By reference: rows that were read FOR UPDATE or added here, and rows whose version this transaction has moved.
    private readonly HashSet<object> _locked = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<object> _moved = new(ReferenceEqualityComparer.Instance);

    // Statements, and not a transaction object of the client: the last one can go with others in one round trip.
    private const string Begin = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION";
    private const string Commit = "COMMIT";

    private bool _isOver;
    private Exception? _doomedBy;

    /// <summary>
    /// The rows of the tenant. What changes to them invalidate is declared (<see cref="Invalidates"/>) and added by
    /// each save.
    /// </summary>
    public ECommerceDbContext Db => db.Tenant.Slug is not null
        ? db
        : throw new InvalidOperationException("This transaction was begun without a tenant, so it has no rows.");

    internal InvalidationRules Rules => rules;

    /// <summary>Whose request this is; null for the program itself.</summary>
    internal CurrentUser? User => http is null ? null : CurrentUser.From(http);

    /// <summary>The present moment in UTC.</summary>
    internal DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <summary>Whether a statement may bypass the change tracker now.</summary>
    internal bool IsBulk { get; private set; }

    /// <summary>Begins on an open connection, which belongs to the result.</summary>
    public async Task BeginAsync(CancellationToken ct)
    {
        // EF Core must neither begin a transaction of its own nor repeat a statement on another session.
        db.Database.AutoTransactionBehavior = AutoTransactionBehavior.Never;
        db.ChangeTracker.Tracked += OnTracked;
        await connection.ExecuteAsync(new CommandDefinition(Begin, cancellationToken: ct));
        db.Transaction = this;
    }

    /// <summary>Writes the rows as they are now, so that they can be read back.</summary>
    public async Task SaveAsync(CancellationToken ct)
    {
        ThrowIfDoomed();
        await db.SaveChangesAsync(ct);
        _tags.AnnounceEarly();
    }

    /// <summary>Runs a statement that bypasses the change tracker; the caller names its tags.</summary>
    public async Task<int> BulkAsync(IEnumerable<string> tags, Func<ECommerceDbContext, Task<int>> statement)
    {
        Invalidate(tags);
        IsBulk = true;
        try
        {
            _tags.AnnounceEarly();
            return await statement(Db);
        }
        finally
        {
            IsBulk = false;
        }
    }

    /// <summary>
    /// Adds the tags of one state of a row, by its declarations: for rows that a batch statement writes.
    /// </summary>
    public void AddTagsOf(object row) => Invalidate(rules.TagsOf(row));

    internal bool IsLocked(object row) => _locked.Contains(row);

    /// <summary>Whether this save moves the version of a row: once per transaction.</summary>
    internal bool MovesVersion(IVersionedRow row) => _moved.Add(row);

    /// <summary>
    /// After an error nothing is committed any more: after a deadlock the server has undone the statements before it
    /// and would commit those after.
    /// </summary>
    internal void Doom(Exception exception) => _doomedBy ??= exception;

    /// <exception cref="InvalidOperationException">A statement of this transaction has failed; only the whole handler
    /// can be repeated.</exception>
    internal void ThrowIfDoomed()
    {
        if (_doomedBy is not null)
        {
            throw new InvalidOperationException(
                "A statement of this write transaction has failed, so it cannot be continued or committed.", _doomedBy);
        }
    }

    /// <exception cref="InvalidOperationException">A write transaction is open in this flow.</exception>
    internal static void ThrowIfOpen() => WriteScope.ThrowIfOpen();

    public void Invalidate(params ReadOnlySpan<string> tags)
    {
        foreach (var tag in tags)
            _tags.Add(tag);
    }

    public void Invalidate(IEnumerable<string> tags) => _tags.Add(tags);

    public Task<int> ExecuteAsync(string sql, object? parameters, CancellationToken ct) =>
        RunAsync(static (connection, command) => connection.ExecuteAsync(command), sql, parameters, ct);

    public Task<T?> ScalarAsync<T>(string sql, object? parameters, CancellationToken ct) =>
        RunAsync(static (connection, command) => connection.ExecuteScalarAsync<T>(command), sql, parameters, ct);

    public Task<T?> SingleOrDefaultAsync<T>(string sql, object? parameters, CancellationToken ct) =>
        RunAsync(static (connection, command) => connection.QuerySingleOrDefaultAsync<T>(command), sql, parameters, ct);

    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? parameters, CancellationToken ct) =>
        [.. await RunAsync(static (connection, command) => connection.QueryAsync<T>(command), sql, parameters, ct)];

    /// <summary>Runs an INSERT and returns the id that it made.</summary>
    public Task<long> InsertAsync(string sql, object parameters, CancellationToken ct) =>
        RunAsync(
            static (connection, command) =>
                connection.ExecuteScalarAsync<long>(command), sql + "; SELECT LAST_INSERT_ID()", parameters, ct);

    /// <summary>
    /// Commits, and returns when the caches have forgotten what changed: only then may the response be written.
    /// </summary>
    /// <exception cref="CommitOutcomeUnknownException">The server did not respond to COMMIT.</exception>
    public async Task CommitAsync(CancellationToken ct)
    {
        if (db.Tenant.Slug is not null)
            await SaveAsync(ct);
        ThrowIfDoomed();
        http?.Features.Get<IHttpRequestTimeoutFeature>()?.DisableTimeout();
        ct.ThrowIfCancellationRequested();
        // From here on without the request's token: a cancelled COMMIT leaves open whether it happened, and a time-out
        // that came just before must not cut off the response of a committed write.
        if (http is not null)
            http.RequestAborted = CancellationToken.None;
        var outboxRow = 0L;
        try
        {
            if (_tags.All.Count == 0)
            {
                await connection.ExecuteAsync(Commit);
            }
            else
            {
                _tags.Announce();
                // In the same transaction: whatever happens to this process after COMMIT, the relay of some node will
                // find the row.
                outboxRow = await InvalidationOutbox.CommitAsync(connection, _tags.All);
            }
            _isOver = true;
            scope.Close();
        }
        catch (Exception exception)
        {
            scope.Close();
            // The connection may have broken after the server had committed: dropping too much is harmless, too little
            // is not.
            await CompleteAsync();
            if (!DatabaseErrors.IsOutcomeUnknown(exception))
                throw;
            throw new CommitOutcomeUnknownException(http?.Features.Get<IdempotencyClaim>() is not null, exception);
        }
        if (_tags.All.Count > 0)
            await ApplyAsync(outboxRow);
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
        // What was not completed was not committed.
        _tags.Cancel();
        scope.Close();
        db.ChangeTracker.Tracked -= OnTracked;
        db.Transaction = null;
        await db.DisposeAsync();
    }

    /// <summary>Invalidates, and meanwhile reads what the database has of it.</summary>
    private async Task ApplyAsync(long outboxRow)
    {
        var completing = CompleteAsync();
        // All nodes that Redis knows receive the invalidation; a partitioned node that serves L1 has announced itself
        // before it read the replaced data.
        if (await IsAnyNodePartitionedAsync())
            MarkDeferred();
        _ = MarkAsync(await completing, outboxRow);
    }

    private async Task MarkAsync(Task<bool> isApplied, long outboxRow)
    {
        if (await isApplied)
            relay.MarkApplied(outboxRow);
    }

    private async ValueTask<bool> IsAnyNodePartitionedAsync()
    {
        try
        {
            return await partitionedNodes.AnyAsync(connection);
        }
        catch (Exception exception) when (DatabaseErrors.IsDriverError(exception))
        {
            // Unknown, so possible.
            return true;
        }
    }

    private async Task<Task<bool>> CompleteAsync()
    {
        var (outcome, isApplied) = await _tags.CompleteAsync();
        if (outcome == InvalidationOutcome.Deferred)
            MarkDeferred();
        return isApplied;
    }

    private void MarkDeferred()
    {
        if (http is { Response.HasStarted: false })
            http.Response.Headers["Cache-Invalidation"] = "deferred";
    }

    private async Task<T> RunAsync<T>(
        Func<DbConnection, CommandDefinition, Task<T>> run, string sql, object? parameters, CancellationToken ct)
    {
        ThrowIfDoomed();
        try
        {
            return await run(connection, new CommandDefinition(sql, parameters, cancellationToken: ct));
        }
        // A duplicate key undoes its statement only, and slices that expect one go on.
        catch (Exception exception) when (!DatabaseErrors.IsDuplicate(exception))
        {
            Doom(exception);
            throw;
        }
    }

    private void OnTracked(object? sender, EntityTrackedEventArgs tracked)
    {
        var row = tracked.Entry.Entity;
        if (tracked.FromQuery ? db.ReadsForUpdate : tracked.Entry.State == EntityState.Added)
        {
            _locked.Add(row);
            return;
        }
        var problem = new InvalidOperationException(
            $"A {row.GetType().Name} is tracked that was not read in this transaction with ForUpdate().");
        Doom(problem);
        throw problem;
    }
}
