using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching;

/// <summary>The parts that the data cache, the output cache and the invalidator share.</summary>
internal sealed class CacheEngine(
    CacheSettings settings, PolicyRegistry policies, CacheClock clock, TagTable tags, MemoryLayer memory, RedisLayer? redis, Backplane? backplane, CacheLog log, CacheMetrics metrics,
    Refreshes refreshes, IServiceScopeFactory scopes)
{
    // Each thread counts for itself which of its reads is timed.
    [ThreadStatic]
    private static int _reads;

    /// <summary>How long an entry in memory is trusted without a word from the other nodes.</summary>
    private const long UnleasedMilliseconds = 2000;

    private readonly PayloadProtector _protector = new(settings);

    public CacheSettings Settings => settings;
    public PolicyRegistry Policies => policies;
    public CacheClock Clock => clock;
    public TagTable Tags => tags;
    public MemoryLayer Memory => memory;
    public CacheLog Log => log;
    public CacheMetrics Metrics => metrics;
    public Backplane? Backplane => backplane;
    public Refreshes Refreshes => refreshes;

    public CacheEntryContext NewContext() => new(scopes);

    /// <summary>Redis, if there is one, it is connected, and it has all invalidations of this node.</summary>
    public RedisLayer? TrustedRedis => redis is { IsTrusted: true } && !HasKeptInvalidations ? redis : null;

    public RedisLayer? Redis => redis;

    /// <summary>Whether entries of a policy may stand in Redis: it is a row of the key schema, and what is sensitive can be encrypted.</summary>
    public bool MayShare(PolicyState policy) => policy.IsDeclared && (!policy.Sensitive || _protector.CanEncrypt);

    /// <summary>Whether a response may: it is as sensitive as the most sensitive value it was built from.</summary>
    public bool MayShare(PolicyState policy, CacheTrace builtFrom) => MayShare(policy) && (!builtFrom.Sensitive || _protector.CanEncrypt);

    /// <summary>Set by the invalidator: what Redis does not know yet must not be contradicted by what Redis has.</summary>
    public volatile bool HasKeptInvalidations;

    /// <summary>What runs now: one flight for each key.</summary>
    public ConcurrentDictionary<(string Key, HybridCacheEntryFlags Flags), Flight> Flights { get; } = new();

    /// <summary>An entry in memory that may be served now. The layer is whom a hit counts for: memory, or output for a response.</summary>
    public CacheEntry? FindServable(ReadOnlySpan<char> key, string layer = "memory")
    {
        if (!IsTimed())
            return Servable(memory.Find(key), layer);
        var started = Stopwatch.GetTimestamp();
        var found = Servable(memory.Find(key), layer);
        metrics.MemoryRead(started);
        return found;
    }

    /// <inheritdoc cref="FindServable(ReadOnlySpan{char}, string)"/>
    /// <remarks>Who has the key as a text saves the search a comparison of characters, where the entry was made with that very text.</remarks>
    public CacheEntry? FindServable(string key, string layer = "memory")
    {
        if (!IsTimed())
            return Servable(memory.Find(key), layer);
        var started = Stopwatch.GetTimestamp();
        var found = Servable(memory.Find(key), layer);
        metrics.MemoryRead(started);
        return found;
    }

    /// <summary>An entry in memory that only ran out of time, and may be served while it is refreshed. One that was invalidated never is.</summary>
    public CacheEntry? FindStale(string key)
    {
        if (memory.Find(key) is not { } entry)
            return null;
        var now = clock.Now;
        return now >= entry.FreshUntil && now < entry.StaleUntil && IsTrusted(entry, now) ? entry : null;
    }

    private bool IsTrusted(CacheEntry entry, long now) =>
        entry.IsCurrent(tags) && (HasLease(now) || now < entry.ReadAt + UnleasedMilliseconds);

    /// <summary>
    /// Reads an entry from Redis and keeps it in memory; null if there is none that is fresh (or stale, where
    /// that will do) and carries the present versions. The held tags
    /// are those known from the key; in any case they have their versions afterwards, as far as Redis has them.
    /// </summary>
    public async Task<(CacheEntry<T>? Entry, RedisLookup Lookup)> ReadRedisAsync<T>(
        RedisLayer from, string key, PolicyState policy, HeldTags held, bool acceptStale = false, string layer = "redis")
    {
        var started = Stopwatch.GetTimestamp();
        var known = held.Count;
        // Before the look-up: what another node drops while the answer is on its way must find the entry older than that. (A version that is news
        // drops it too, and the next read keeps it.)
        var (asOf, readAt) = (tags.Moment, clock.Now);
        var lookup = await WithRetryAsync(() => from.LookupAsync(key, held)).ConfigureAwait(false);
        metrics.RedisRead(started);
        if (lookup.Bytes is null || lookup.TimeToLive is not { } timeToLive)
            return (null, lookup);
        if (_protector.Read(lookup.Bytes, key, policy.Sensitive, out var stored) is not EntryFault.None and var fault)
        {
            Unusable(fault, key);
            return (null, lookup);
        }
        var freshFor = timeToLive - (stored.LivesFor - stored.FreshFor);
        if (stored.TypeId != TypeId<T>.Value || (freshFor <= TimeSpan.Zero && !acceptStale))
            return (null, lookup);

        using var carried = new HeldTags(tags);
        for (var i = 0; i < known; i++)
            carried.Add(held[i]);
        foreach (var (tag, _) in stored.Tags)
            carried.Add(tag);
        if (carried.Count > known)
            await from.ReadVersionsAsync(carried, known).ConfigureAwait(false);
        foreach (var (tag, version) in stored.Tags)
        {
            if (carried[carried.IndexOf(tag)].Version != version)
                return (null, lookup);
        }
        // A tag that the key implies today but not when the entry was written (the policy has changed) makes it unusable too.
        for (var i = 0; i < known; i++)
        {
            if (!stored.Tags.Any(pair => pair.Tag == held[i].State.Name))
                return (null, lookup);
        }

        if (!CacheSerializer.TryDeserialize<T>(stored.Payload, out var value))
        {
            Unusable(EntryFault.NotDeserializable, key);
            return (null, lookup);
        }
        log.Hit(key, layer, (long)freshFor.TotalSeconds);
        return (Keep(key, value!, policy, carried, asOf, readAt, freshFor, timeToLive, stored.Payload), lookup);
    }

    /// <summary>Makes an entry of a value that was read at a moment, and keeps it in memory if it is still current and the backend has a memory.</summary>
    public CacheEntry<T> Keep<T>(string key, T value, PolicyState policy, HeldTags held, long asOf, long readAt, TimeSpan freshFor, TimeSpan livesFor, ReadOnlyMemory<byte> payload)
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
        return entry;
    }

    public async Task WriteRedisAsync(RedisLayer to, CacheEntry entry, ulong typeId, byte[] payload, TimeSpan fresh, TimeSpan lives, long sequence,
        bool sensitive = false)
    {
        var stored = new StoredEntry(typeId, fresh, lives, sequence, [.. entry.Stamps.Select(stamp => (stamp.State.Name, stamp.Version))], payload);
        var started = Stopwatch.GetTimestamp();
        await to.WriteAsync(entry.Key, _protector.Write(entry.Key, stored, encrypt: sensitive || entry.Policy.Sensitive), lives).ConfigureAwait(false);
        metrics.RedisWrite(started);
        log.Set(entry.Key, payload.Length, "redis");
    }

    private void Unusable(EntryFault fault, string key)
    {
        metrics.Unusable(fault);
        log.UnusableOnce(fault, key);
    }

    public void RedisFailed(Exception exception, string operation, string key)
    {
        metrics.RedisError(exception);
        log.RedisFailed(exception, operation, key);
    }

    private static bool IsTimed() => (++_reads & (CacheMetrics.MemorySample - 1)) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private CacheEntry? Servable(CacheEntry? entry, string layer)
    {
        if (entry is null)
            return null;
        var now = clock.Now;
        if (now >= entry.FreshUntil || !IsTrusted(entry, now))
            return null;
        if (log.LogsHits(now))
            LogHit(entry, layer, now);
        return entry;
    }

    private void LogHit(CacheEntry entry, string layer, long now) => log.Hit(entry.Key, layer, (entry.FreshUntil - now) / 1000);

    private bool HasLease(long now) => backplane is null || now < backplane.LeaseUntil;

    private async Task<T> WithRetryAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (TimeoutException) when (settings.RetryOnTimeout)
        {
            return await read().ConfigureAwait(false);
        }
    }
}
