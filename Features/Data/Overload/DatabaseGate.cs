using System.Data;
using System.Data.Common;
using System.Threading.RateLimiting;

namespace ECommerce.Features.Data.Overload;

/// <summary>
/// Limits how many requests, refreshes and syncs use the database at once. One that finds no permit waits in a queue
/// until its deadline and is then shed: it fails before it has read or written anything.
/// </summary>
internal sealed class DatabaseGate(DatabaseLimits limits, TimeProvider time) : IDisposable
{
    /// <summary>The maximum time in the queue: a shed request is responded to within a second.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(800);

    /// <summary>The maximum number of permits that syncs hold at once.</summary>
    public const int MaxSyncPermits = 2;

    /// <summary>The maximum number of reads that fill the caches ahead of requests, beside the permits.</summary>
    public const int MaxWarmingPermits = 2;

    private const int MaxWaiting = 500;
    private static readonly TimeSpan SyncPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WarmingPause = TimeSpan.FromMilliseconds(50);
    private static readonly AsyncLocal<DatabaseScope?> Current = new();

    private readonly SemaphoreSlim _syncPermits = new(MaxSyncPermits);
    private readonly SemaphoreSlim _warmingPermits = new(MaxWarmingPermits);
    private readonly ConcurrencyLimiter _permits = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = limits.Concurrency,
        QueueLimit = MaxWaiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>
    /// Begins a request: its first connection takes a permit, which it keeps until <see cref="DatabaseScope.End"/>.
    /// Sets the scope of the caller's flow.
    /// </summary>
    public DatabaseScope BeginRequest() =>
        Current.Value = new DatabaseScope(time.GetTimestamp, AcquireAsync, keepsPermit: true);

    /// <summary>
    /// Begins a sync: it has a permit only while a connection is open, and waits for one without a deadline. Sets the
    /// scope of the caller's flow.
    /// </summary>
    public DatabaseScope BeginSync() =>
        Current.Value = new DatabaseScope(time.GetTimestamp, (_, ct) => AcquireForSyncAsync(ct), keepsPermit: false);

    /// <summary>
    /// Waits until requests leave half of their permits free, without a deadline. The permit is none of theirs, so it
    /// never takes the place of a request.
    /// </summary>
    public async Task<WarmingPermit> AcquireForWarmingAsync(CancellationToken ct)
    {
        await _warmingPermits.WaitAsync(ct);
        var permit = new WarmingPermit(_warmingPermits);
        try
        {
            while (_permits.GetStatistics() is { } use
                && (use.CurrentQueuedCount > 0 || 2 * use.CurrentAvailablePermits < limits.Concurrency))
            {
                await Task.Delay(WarmingPause, time, ct);
            }
            return permit;
        }
        catch
        {
            permit.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Begins a read under a permit of warming; what goes on behind its end takes an ordinary one. Sets the scope of
    /// the caller's flow.
    /// </summary>
    public DatabaseScope BeginWarming(WarmingPermit permit) => Current.Value = new DatabaseScope(
        time.GetTimestamp,
        (since, ct) => permit.IsReleased ? AcquireAsync(since, ct) : new ValueTask<IDisposable>(permit),
        keepsPermit: true);

    /// <summary>
    /// From now on the current request has a permit only while a connection is open: for one that goes on for long
    /// without the database.
    /// </summary>
    public static void ReleaseAfterEachUse() => Current.Value?.End();

    /// <summary>
    /// Opens a connection under the permit of the current flow, or, outside any scope, under its own.
    /// </summary>
    /// <exception cref="DatabaseOverloadedException">No permit was free before the deadline.</exception>
    public async Task OpenAsync(DbConnection connection, CancellationToken ct)
    {
        var scope = Current.Value ?? new DatabaseScope(time.GetTimestamp, AcquireAsync, keepsPermit: false);
        await scope.EnterAsync(ct);
        var isOver = 0;
        connection.StateChange += Closed;
        try
        {
            await connection.OpenAsync(ct);
        }
        catch
        {
            Leave();
            throw;
        }

        void Closed(object sender, StateChangeEventArgs change)
        {
            if (change.CurrentState == ConnectionState.Closed)
                Leave();
        }

        void Leave()
        {
            // The driver may report the end of a failed attempt too.
            if (Interlocked.Exchange(ref isOver, 1) != 0)
                return;
            connection.StateChange -= Closed;
            scope.Leave();
        }
    }

    public void Dispose()
    {
        _permits.Dispose();
        _syncPermits.Dispose();
        _warmingPermits.Dispose();
    }

    private async ValueTask<IDisposable> AcquireAsync(long waitingSince, CancellationToken ct)
    {
        var permit = _permits.AttemptAcquire();
        if (permit.IsAcquired)
            return permit;
        var left = MaxWait - time.GetElapsedTime(waitingSince);
        if (left <= TimeSpan.Zero)
            throw new DatabaseOverloadedException();
        using var deadline = new CancellationTokenSource(left, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            permit = await _permits.AcquireAsync(1, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new DatabaseOverloadedException();
        }
        return permit.IsAcquired ? permit : throw new DatabaseOverloadedException();
    }

    private async ValueTask<IDisposable> AcquireForSyncAsync(CancellationToken ct)
    {
        await _syncPermits.WaitAsync(ct);
        try
        {
            while (true)
            {
                var permit = await _permits.AcquireAsync(1, ct);
                if (permit.IsAcquired)
                    return new SyncPermit(permit, _syncPermits);
                await Task.Delay(SyncPause, time, ct);
            }
        }
        catch
        {
            _syncPermits.Release();
            throw;
        }
    }

    private sealed class SyncPermit(RateLimitLease permit, SemaphoreSlim syncPermits) : IDisposable
    {
        public void Dispose()
        {
            permit.Dispose();
            syncPermits.Release();
        }
    }
}
