using System.Diagnostics;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.Tags;

namespace ECommerce.Caching.SingleFlight;

/// <summary>Entries in Redis: reads those that are valid and stores them in L1, and writes new ones.</summary>
internal sealed class RedisEntryStore(
    RedisLayer layer, CacheSettings settings, MemoryEntryStore memory, NodeLease lease, CacheLog log,
    CacheMetrics metrics)
{
    private readonly EntryCodec _codec = new(settings);
    private readonly StoreTurns _turns = new(TimeSpan.FromMilliseconds(1));

    public RedisLayer Layer => layer;

    public RedisKeyHints Hints { get; } = new(memory.Clock);

    /// <summary>
    /// Reads an entry from Redis and keeps it in memory; null if there is none that is fresh (or stale, where that will
    /// do) and still current. The held tags are those the key implies. Requests the fill lock as the request asks. A
    /// repeated look-up of the same value logs no fault again. With a batch it is sent with the others of the batch.
    /// </summary>
    public async Task<(CacheEntry<T>? Entry, RedisLookup Lookup, MissCause Cause)> ReadAsync<T>(
        string key, PolicyState policy, TagSet held, FillLockRequest request = FillLockRequest.Never,
            string holder = "", bool acceptStale = false, string source = "redis", bool again = false,
            bool keepInMemory = true, LookupBatch? batch = null)
    {
        var started = Stopwatch.GetTimestamp();
        // Before the look-up: what another node drops while the response is on its way must find the entry older than
        // that.
        var (asOf, readAt, newerThan) = (memory.Tags.Moment, memory.Clock.Now, held.HighestVersion);
        var known = request == FillLockRequest.Never && Hints.Has(key, held) ? Hints : null;
        var call = new LookupCall(key, newerThan, request, holder, MemoryEntryStore.SlidingOf<T>(policy));
        RedisLookup lookup;
        try
        {
            lookup = batch is null ? await layer.LookupAsync(call, known).ConfigureAwait(false)
                : await batch.LookupAsync(call).ConfigureAwait(false);
        }
        catch (TimeoutException) when (settings.RetryOnTimeout)
        {
            lookup = await layer.LookupAsync(call, known).ConfigureAwait(false);
        }
        metrics.RedisRead(policy, started, typeof(T) == typeof(StoredResponse));
        var (entry, cause) = await AcceptAsync<T>(
            key, policy, held, lookup, asOf, readAt, acceptStale, source, again, keepInMemory).ConfigureAwait(false);
        return (entry, lookup, cause);
    }

    /// <summary>
    /// Keeps what a look-up brought, if it can be read, is fresh enough, and is current; otherwise the cause is why
    /// not. Waits only where Redis has to be asked whether it is.
    /// </summary>
    private async ValueTask<(CacheEntry<T>? Entry, MissCause Cause)> AcceptAsync<T>(
        string key, PolicyState policy, TagSet held, RedisLookup lookup, long asOf, long readAt, bool acceptStale,
            string source, bool again, bool keepInMemory)
    {
        if (lookup.Bytes is not { } bytes)
            return (null, MissCause.NotCached);
        if (_codec.Read(
            bytes, key, policy.Sensitive, out var stored, expected: held) is not EntryFault.None and var fault)
        {
            if (!again)
                Unusable(fault, key);
            return (null, MissCause.Unreadable);
        }
        // A sliding entry contains its end, which is bounded.
        if ((stored.Flags & EntryFlags.Sliding) != 0 && lookup.TimeToLive > stored.LivesFor)
            lookup = lookup with { TimeToLive = stored.LivesFor };
        var serializer = memory.Serializers.For<T>();
        var freshFor = lookup.TimeToLive - (stored.LivesFor - stored.FreshFor);
        if (stored.TypeId != serializer.TypeId)
            return (null, MissCause.Unreadable);
        if ((freshFor <= TimeSpan.Zero && !acceptStale) || lookup.TimeToLive <= TimeSpan.Zero)
            return (null, MissCause.Expired);

        // A number that no Redis has issued would never be invalidated.
        if (stored.Tags.Any(tag => !layer.IsPlausible(tag.Sequence)))
            return (null, MissCause.Unreadable);
        using var carried = new TagSet(memory.Tags);
        carried.Add(stored.Tags, held);
        // A tag that the key implies today but not when the entry was written (the policy has changed) makes it
        // unusable too.
        for (var i = 0; i < held.Count; i++)
        {
            if (carried.IndexOf(held[i].State.Name) < 0)
                return (null, MissCause.Unreadable);
        }
        // So does a combination of its tags that was not declared then.
        if (policy.Combine(key, carried))
            return (null, MissCause.Unreadable);
        // What was dropped during the look-up may be older than its version shows (see OwnAnnouncement).
        if (carried.DroppedAfter(asOf) || !await IsCurrentAsync(carried).ConfigureAwait(false))
            return (null, MissCause.Invalidated);

        if (!serializer.TryRead(stored.Payload, out var value))
        {
            if (!again)
                Unusable(EntryFault.NotDeserializable, key);
            return (null, MissCause.Unreadable);
        }
        // A plain read would not renew a sliding expiration.
        if (!lookup.IsKnown && (stored.Flags & EntryFlags.Sliding) == 0)
            Hints.Add(key, bytes.Span, readAt + (long)lookup.TimeToLive.TotalMilliseconds, asOf);
        log.Hit(key, source, (long)freshFor.TotalSeconds);
        return (memory.Write(key, value, policy, carried, asOf, readAt, freshFor, lookup.TimeToLive,
            keepInMemory, isCopy: true), default);
    }

    /// <summary>
    /// Reads a hinted value by a plain GET, without a lock and joined by no other caller. Returns too whether Redis
    /// failed.
    /// </summary>
    public async Task<(CacheEntry<T>? Entry, bool HasFailed)> ReadHintedAsync<T>(
        RedisKeyHints.Hint known, string key, PolicyState policy, TagSet held)
    {
        try
        {
            if (held.DroppedAfter(known.AsOf))
                return default;
            var started = Stopwatch.GetTimestamp();
            var (asOf, readAt, epoch) = (memory.Tags.Moment, memory.Clock.Now, layer.Epoch);
            byte[]? bytes;
            try
            {
                bytes = (byte[]?)await layer.GetAsync(key).ConfigureAwait(false);
            }
            catch (TimeoutException) when (settings.RetryOnTimeout)
            {
                bytes = (byte[]?)await layer.GetAsync(key).ConfigureAwait(false);
            }
            layer.ThrowIfCutSince(epoch);
            metrics.RedisRead(policy, started);
            // The TTL is known only for the bytes with this fingerprint; otherwise ask Redis.
            if (bytes is null || Hints.TimeToLive(known, bytes) is not { } left)
                return default;
            var (entry, _) = await AcceptAsync<T>(
                key, policy, held, new RedisLookup(bytes, left, IsKnown: true), asOf, readAt,
                    acceptStale: policy.Stale > TimeSpan.Zero, "redis", again: false,
                    keepInMemory: true).ConfigureAwait(false);
            if (entry is not null)
                metrics.RedisHit(policy);
            return (entry, false);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            Failed(exception, "read", key);
            return (null, true);
        }
    }

    /// <summary>
    /// Whether none of the tags an entry in Redis carries was invalidated since its value was read. A node that has
    /// followed the messages since before that knows; otherwise Redis is asked.
    /// </summary>
    private async Task<bool> IsCurrentAsync(TagSet carried)
    {
        // After the value was read: while the lease lasts, no write completes without this node's acknowledgement.
        var followedFrom = lease.FollowedFrom;
        var isKnown = followedFrom > 0;
        for (var i = 0; i < carried.Count; i++)
        {
            var (state, sequence) = carried[i];
            if (memory.Tags.IsUnnumbered(state) || state.Version > sequence || state.IsAnnounced)
                return false;
            isKnown &= memory.Tags.Knows(state, sequence, followedFrom);
        }
        return isKnown || await layer.IsCurrentAsync(carried).ConfigureAwait(false);
    }

    /// <summary>
    /// Stores an entry in Redis, with the lock of the run that made it, if it has one; false if that was overtaken.
    /// Where no caller waits for it, it is encoded and sent a little later: what is stored is fixed now.
    /// </summary>
    public async Task<bool> WriteAsync(
        CacheEntry entry, ulong typeId, byte[] payload, TimeSpan fresh, TimeSpan lives, LockGrant? grant = null,
            bool sensitive = false, bool compress = true, bool isAwaited = true)
    {
        var stamps = entry.Stamps.ToArray();
        if (!isAwaited)
            await _turns.NextAsync().ConfigureAwait(false);
        var stored = new StoredEntry(
            typeId, fresh, lives, Array.ConvertAll(stamps, static stamp => (stamp.State.Name, stamp.Sequence)),
            payload, entry.Idle is null ? EntryFlags.None : EntryFlags.Sliding);
        var bytes = _codec.Write(entry.Key, stored, encrypt: sensitive || entry.Policy.Sensitive, compress);
        // From before it is sent: it lives no shorter than that.
        var (started, until) = (Stopwatch.GetTimestamp(), memory.Clock.Now + (long)lives.TotalMilliseconds);
        var sliding = entry.Idle?.Period ?? TimeSpan.Zero;
        if (!await layer.StoreAsync(entry.Key, bytes, lives, stamps, grant, sliding)
            .ConfigureAwait(false))
        {
            log.LockLost(entry.Key);
            return false;
        }
        if (entry.Idle is null)
            Hints.Add(entry.Key, bytes, until, entry.AsOf);
        metrics.RedisWrite(started);
        log.Set(entry.Key, payload.Length, "redis");
        return true;
    }

    /// <summary>A read in memory has renewed the sliding expiration of an entry: here it is renewed too.</summary>
    public async Task RenewAsync(CacheEntry entry)
    {
        try
        {
            await layer.SlideAsync(entry.Key, entry.Idle!.Period).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // It may end there before it does here; then it is made anew.
            Failed(exception, "renew", entry.Key);
        }
    }

    private void Unusable(EntryFault fault, string key)
    {
        metrics.Unusable(fault);
        log.UnusableOnce(fault, key);
    }

    public void Failed(Exception exception, string operation, string key)
    {
        // Logged when the circuit opened; no call was made.
        if (exception is Polly.CircuitBreaker.BrokenCircuitException)
            return;
        metrics.RedisError(exception);
        log.RedisFailed(exception, operation, key);
    }
}
