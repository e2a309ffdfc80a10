using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using ECommerce.Caching.Coherence;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.Tags;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.SingleFlight;

/// <summary>The parts that the data cache, the output cache and the invalidator share.</summary>
internal sealed class CacheEngine(
    CacheSettings settings, PolicyRegistry policies, CacheClock clock, TagTable tags, HighWaterMark sequence, FillSignals signals, MemoryLayer memory, RedisLayer? redis,
    Backplane? backplane, PartitionGuard? cutOff, CacheLog log, CacheMetrics metrics, BackgroundRefresher refresher, IServiceScopeFactory scopes, TimeProvider time)
{
    /// <summary>How long an entry in memory is trusted without a word from the other nodes.</summary>
    private const long UnleasedMilliseconds = 2000;

    private readonly EntryCodec _protector = new(settings);

    public CacheSettings Settings => settings;
    public PolicyRegistry Policies => policies;
    public CacheClock Clock => clock;
    public TagTable Tags => tags;
    public HighWaterMark HighWaterMark => sequence;
    public FillSignals Signals => signals;
    public TimeProvider Time => time;
    public MemoryLayer Memory => memory;
    public CacheLog Log => log;
    public CacheMetrics Metrics => metrics;
    public Backplane? Backplane => backplane;
    public BackgroundRefresher Refresher => refresher;

    public CacheEntryContext NewContext() => new(scopes);

    /// <summary>Redis, if there is one, it is connected, and it has all invalidations of this node.</summary>
    public RedisLayer? TrustedRedis => redis is { IsTrusted: true } && !Pending.Any ? redis : null;

    public RedisLayer? Redis => redis;

    public RedisKeyHints KeyHints { get; } = new(clock);

    /// <summary>Whether entries of a policy may stand in Redis: it is a row of the key schema, and what is sensitive can be encrypted.</summary>
    public bool MayShare(PolicyState policy) => policy.IsDeclared && !policy.IsOff && (!policy.Sensitive || _protector.CanEncrypt);

    /// <summary>Whether a response may: it is as sensitive as the most sensitive value it was built from.</summary>
    public bool MayShare(PolicyState policy, CacheTrace builtFrom) => MayShare(policy) && (!builtFrom.Sensitive || _protector.CanEncrypt);

    /// <summary>What Redis does not know yet must not be contradicted by what Redis has.</summary>
    public PendingInvalidations Pending { get; } = new();

    /// <summary>What runs now: one flight for each key.</summary>
    public ConcurrentDictionary<(string Key, HybridCacheEntryFlags Flags), SingleFlightRun> Flights { get; } = new();

    /// <summary>An entry in memory that may be served now. The layer is whom the log names: memory, or output for a response.</summary>
    public CacheEntry? FindServable(ReadOnlySpan<char> key, string layer = "memory")
    {
        var entry = memory.Find(key);
        if (entry is null)
            return null;
        var now = clock.Now;
        if (now >= entry.FreshUntil || !IsTrusted(entry, now))
            return null;
        if (log.LogsHits)
            LogHit(entry, layer, now);
        return entry;
    }

    /// <summary>Counts a hit in memory; of one in 1024 the look-up is timed, by making it once more, so that the others do not look at a clock for it.</summary>
    public void CountHit(CacheEntry entry)
    {
        if (CacheMetrics.IsTimed(entry.Hits.Increment()))
            TimeOne(entry);
    }

    /// <summary>An entry in memory that only ran out of time, and may be served while it is refreshed. One that was invalidated never is.</summary>
    public CacheEntry? FindStale(string key)
    {
        if (memory.Find(key) is not { } entry)
            return null;
        var now = clock.Now;
        return now >= entry.FreshUntil && now < entry.StaleUntil && IsTrusted(entry, now) ? entry : null;
    }

    private bool IsTrusted(CacheEntry entry, long now) => entry.IsCurrent(tags) && IsCovered(entry, now);

    /// <summary>Whether an entry in memory may be served now, as far as the other nodes are concerned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsCovered(CacheEntry entry, long now) => backplane is null || now < backplane.LeaseUntil || IsCoveredWithoutLease(entry, now);

    // Apart, so that the other path of a hit stays small enough to be inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsCoveredWithoutLease(CacheEntry entry, long now) =>
        settings.Faults.NoLease || (now < entry.ReadAt + UnleasedMilliseconds && cutOff?.Covers(entry.ReadAt, now) != false);

    /// <summary>
    /// Reads an entry from Redis and keeps it in memory; null if there is none that is fresh (or stale, where that will do) and still current. The held
    /// tags are those the key implies. Asks for the lock of the flight if the look-up is told to. A second look at the same value finds nothing new to say.
    /// </summary>
    public async Task<(CacheEntry<T>? Entry, RedisLookup Lookup)> ReadRedisAsync<T>(
        RedisLayer from, string key, PolicyState policy, TagSet held, FillLockRequest request = FillLockRequest.Never, string holder = "", bool acceptStale = false, string layer = "redis", bool again = false)
    {
        var started = Stopwatch.GetTimestamp();
        // Before the look-up: what another node drops while the answer is on its way must find the entry older than that.
        var (asOf, readAt, newerThan) = (tags.Moment, clock.Now, held.HighestVersion);
        var known = request == FillLockRequest.Never && KeyHints.Has(key, held) ? KeyHints : null;
        RedisLookup lookup;
        try
        {
            lookup = await from.LookupAsync(key, newerThan, request, holder, known).ConfigureAwait(false);
        }
        catch (TimeoutException) when (settings.RetryOnTimeout)
        {
            lookup = await from.LookupAsync(key, newerThan, request, holder, known).ConfigureAwait(false);
        }
        metrics.RedisRead(started);
        return (await AcceptAsync<T>(from, key, policy, held, lookup, asOf, readAt, acceptStale, layer, again).ConfigureAwait(false), lookup);
    }

    /// <summary>Keeps what a look-up brought, if it can be read, is fresh enough, and is current. Waits only where Redis has to be asked whether it is.</summary>
    private async ValueTask<CacheEntry<T>?> AcceptAsync<T>(
        RedisLayer from, string key, PolicyState policy, TagSet held, RedisLookup lookup, long asOf, long readAt, bool acceptStale, string layer, bool again)
    {
        if (lookup.Bytes is not { } bytes)
            return null;
        if (_protector.Read(bytes, key, policy.Sensitive, out var stored, expected: held) is not EntryFault.None and var fault)
        {
            if (!again)
                Unusable(fault, key);
            return null;
        }
        var freshFor = lookup.TimeToLive - (stored.LivesFor - stored.FreshFor);
        if (stored.TypeId != TypeId<T>.Value || (freshFor <= TimeSpan.Zero && !acceptStale) || lookup.TimeToLive <= TimeSpan.Zero)
            return null;

        using var carried = new TagSet(tags);
        carried.Add(stored.Tags, held);
        // A tag that the key implies today but not when the entry was written (the policy has changed) makes it unusable too.
        for (var i = 0; i < held.Count; i++)
        {
            if (carried.IndexOf(held[i].State.Name) < 0)
                return null;
        }
        if (!await IsCurrentAsync(from, carried).ConfigureAwait(false))
            return null;

        if (!CacheSerializer.TryDeserialize<T>(stored.Payload, out var value))
        {
            if (!again)
                Unusable(EntryFault.NotDeserializable, key);
            return null;
        }
        if (!lookup.IsKnown)
            KeyHints.Add(key, bytes.Span, readAt + (long)lookup.TimeToLive.TotalMilliseconds, asOf);
        log.Hit(key, layer, (long)freshFor.TotalSeconds);
        return Keep(key, value!, policy, carried, asOf, readAt, freshFor, lookup.TimeToLive, stored.Payload);
    }

    /// <summary>The tags an entry must carry: those that its key implies and those that the caller gives.</summary>
    public TagSet Hold(string key, PolicyState policy, IEnumerable<string>? callersTags)
    {
        var held = new TagSet(tags, policy.TagsOf(key));
        foreach (var tag in callersTags ?? [])
            held.Add(CacheTags.Checked(tag));
        return held;
    }

    /// <summary>
    /// Reads what Redis is believed to have, by a plain read that takes no lock and that nobody joins. Says whether Redis failed, which need not be asked again.
    /// </summary>
    public async Task<(CacheEntry<T>? Entry, bool HasFailed)> ReadHintedAsync<T>(RedisKeyHints.Hint known, string key, PolicyState policy, IEnumerable<string>? callersTags)
    {
        try
        {
            using var held = Hold(key, policy, callersTags);
            if (held.DroppedAfter(known.AsOf) || !MayShare(policy) || TrustedRedis is not { } from)
                return default;
            var started = Stopwatch.GetTimestamp();
            var (asOf, readAt, epoch) = (tags.Moment, clock.Now, from.Epoch);
            byte[]? bytes;
            try
            {
                bytes = (byte[]?)await from.GetAsync(key).ConfigureAwait(false);
            }
            catch (TimeoutException) when (settings.RetryOnTimeout)
            {
                bytes = (byte[]?)await from.GetAsync(key).ConfigureAwait(false);
            }
            from.ThrowIfCutSince(epoch);
            metrics.RedisRead(started);
            // How long other bytes live only Redis knows.
            if (bytes is null || KeyHints.TimeToLive(known, bytes) is not { } left)
                return default;
            var entry = await AcceptAsync<T>(
                from, key, policy, held, new RedisLookup(bytes, left, IsKnown: true), asOf, readAt, acceptStale: policy.Stale > TimeSpan.Zero, "redis", again: false).ConfigureAwait(false);
            if (entry is not null)
                metrics.RedisHit(policy);
            return (entry, false);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            RedisFailed(exception, "read", key);
            return (null, true);
        }
        finally
        {
            known.EndRead();
        }
    }

    /// <summary>
    /// Whether none of the tags an entry in Redis carries was invalidated since its value was read. Who has followed the messages since before that
    /// knows; who has not asks Redis.
    /// </summary>
    private async Task<bool> IsCurrentAsync(RedisLayer from, TagSet carried)
    {
        // After the value was read: as long as the lease lasts no writer has answered without this node's word.
        var followedFrom = backplane?.FollowedFrom ?? 0;
        var isKnown = followedFrom > 0;
        for (var i = 0; i < carried.Count; i++)
        {
            var (state, sequence) = carried[i];
            if (state.Version > sequence)
                return false;
            isKnown &= tags.Knows(state, sequence, followedFrom);
        }
        return isKnown || await from.IsCurrentAsync(carried).ConfigureAwait(false);
    }

    /// <summary>Makes an entry of a value that was read at a moment, and keeps it in memory if it is still current and the backend has a memory.</summary>
    public CacheEntry<T> Keep<T>(string key, T value, PolicyState policy, TagSet held, long asOf, long readAt, TimeSpan freshFor, TimeSpan livesFor, ReadOnlyMemory<byte> payload)
    {
        var now = clock.Now;
        // The overhead of an entry in memory: itself, its place in the table and the queue, its stamps, its key.
        var size = payload.Length + 160 + (2 * key.Length) + (16 * held.Count);
        var mutable = ImmutableType<T>.MutableMember(value);
        if (mutable is not null)
            log.CopiedOnce(typeof(T), mutable);
        var entry = new CacheEntry<T>(
            value, key, policy, held.HandOver(), asOf, readAt, now + (long)freshFor.TotalMilliseconds, now + (long)livesFor.TotalMilliseconds, size, mutable is null ? null : payload.ToArray());
        if (settings.Backend == CacheBackend.Redis)
            entry.ReleaseTags();
        else if (memory.Add(entry))
            log.Set(key, payload.Length, "memory");
        // After it was put there: a flag that was switched off meanwhile has gone through memory already.
        if (policy.IsOff)
            memory.Remove(entry);
        return entry;
    }

    /// <summary>Stores an entry in Redis, with the lock of the flight that made it, if it has one; false if that was overtaken.</summary>
    public async Task<bool> WriteRedisAsync(
        RedisLayer to, CacheEntry entry, ulong typeId, byte[] payload, TimeSpan fresh, TimeSpan lives, FillLock? flight = null, bool overtakes = false, bool sensitive = false)
    {
        var stored = new StoredEntry(typeId, fresh, lives, Array.ConvertAll(entry.Stamps, static stamp => (stamp.State.Name, stamp.Sequence)), payload);
        var bytes = _protector.Write(entry.Key, stored, encrypt: sensitive || entry.Policy.Sensitive);
        // From before it is sent: it lives no shorter than that.
        var (started, until) = (Stopwatch.GetTimestamp(), clock.Now + (long)lives.TotalMilliseconds);
        if (!await to.StoreAsync(entry.Key, bytes, lives, entry.Stamps, flight, overtakes).ConfigureAwait(false))
        {
            log.LockLost(entry.Key);
            return false;
        }
        KeyHints.Add(entry.Key, bytes, until, entry.AsOf);
        metrics.RedisWrite(started);
        log.Set(entry.Key, payload.Length, "redis");
        return true;
    }

    private void Unusable(EntryFault fault, string key)
    {
        metrics.Unusable(fault);
        log.UnusableOnce(fault, key);
    }

    public void RedisFailed(Exception exception, string operation, string key)
    {
        // Said when the circuit opened; nothing was tried.
        if (exception is Polly.CircuitBreaker.BrokenCircuitException)
            return;
        metrics.RedisError(exception);
        log.RedisFailed(exception, operation, key);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TimeOne(CacheEntry entry)
    {
        var started = Stopwatch.GetTimestamp();
        var again = memory.Find(entry.Key);
        _ = again is not null && clock.Now < again.FreshUntil && IsTrusted(again, clock.Now);
        metrics.MemoryRead(started);
    }

    private void LogHit(CacheEntry entry, string layer, long now) => log.Hit(entry.Key, layer, (entry.FreshUntil - now) / 1000);
}
