using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.Tags;

namespace ECommerce.Caching.SingleFlight;

/// <summary>
/// The look into Redis before a factory runs: finds a value, or gets the fill lock of the key for all nodes, or waits
/// for the node that holds it.
/// </summary>
/// <remarks>
/// One script in one round trip does all three. The backplane wakes waiting nodes when the
/// leader has stored its value; they poll as well, in case that message is lost. If the leader dies, its lock ends
/// after five seconds; if it ends without a value to share (a failure, a value that is not stored), no node leads, and
/// each runs the factory.
/// </remarks>
internal sealed class DistributedSingleFlight<T>(
    CacheEngine engine, string key, PolicyState policy, TagSet held, bool shares, bool acceptStale,
    bool keepInMemory, IFillBatchMember? member) : IAsyncDisposable
{
    private static readonly TimeSpan MinPollDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxPollDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>The lock, if this node leads.</summary>
    public FillLock? Lock { get; private set; }

    /// <summary>Why Redis had no value.</summary>
    public MissCause Cause { get; private set; }

    /// <summary>A value that another node made, or null: this one makes it.</summary>
    public async Task<CacheEntry<T>?> FindOrLeadAsync(RedisEntryStore redis, CancellationToken cancellationToken)
    {
        // A refresh ignores stale values and always requests the lock.
        var request = !shares ? FillLockRequest.Never : acceptStale || policy.Stale == TimeSpan.Zero
            ? FillLockRequest.IfAbsent : FillLockRequest.Always;
        var (patience, again) = (MinPollDelay, false);
        while (true)
        {
            (var found, var lookup, Cause) = await LookAsync(redis, request, again).ConfigureAwait(false);
            Lock = Granted(redis.Layer, lookup.Grant);
            if (found is not null)
            {
                if (Lock is { } unneeded)
                    await unneeded.EndAsync(withValue: true).ConfigureAwait(false);
                return found;
            }
            if (Lock is not null || !shares)
                return null;
            if (lookup.HeldFor is not { } heldFor)
            {
                // There is a value, and it is of no use.
                (request, again) = (FillLockRequest.Always, true);
                continue;
            }
            if (patience == MinPollDelay)
                engine.Metrics.JoinedCluster(policy);
            // The other keys of its batch do not wait for another node.
            member?.Decided();
            var mayHaveValue = await engine.Fills.Signals.WaitAsync(
                key, heldFor < patience ? heldFor : patience, engine.Fills.Time, cancellationToken)
                .ConfigureAwait(false);
            member?.Undecided();
            if (!mayHaveValue)
                return null;
            patience = patience < MaxPollDelay ? 2 * patience : MaxPollDelay;
        }
    }

    private async Task<(CacheEntry<T>? Found, RedisLookup Lookup, MissCause Cause)> LookAsync(
        RedisEntryStore redis, FillLockRequest request, bool again)
    {
        // One name for all attempts of a look-up: after a lost result a node must not wait for itself.
        var holder = request == FillLockRequest.Never ? string.Empty : FillLock.NewHolder();
        try
        {
            return await redis.ReadAsync<T>(key, policy, held, request, holder, acceptStale, again: again,
                keepInMemory: keepInMemory, batch: member?.Lookups)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (holder.Length > 0 && RedisFailure.Is(exception))
        {
            redis.Layer.Abandon(key, holder);
            throw;
        }
    }

    private FillLock? Granted(RedisLayer redis, LockGrant? grant)
    {
        if (grant is null)
            return null;
        engine.Log.LockAcquired(key);
        return new FillLock(redis, grant, engine.Settings.FillLockLifetime, engine.Log, engine.Fills.Stores,
            engine.Fills.Time);
    }

    /// <summary>Gives the lock back, unless it went with the value.</summary>
    public ValueTask DisposeAsync() => Lock?.DisposeAsync() ?? ValueTask.CompletedTask;
}
