using System.Diagnostics;
using System.Runtime.CompilerServices;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.Tags;

namespace ECommerce.Caching.SingleFlight;

/// <summary>The parts that the data cache, the output cache and the invalidator share.</summary>
internal sealed class CacheEngine(
    CacheSettings settings, PolicyRegistry policies, CacheClock clock, TagTable tags, MemoryLayer memory,
        EntryKeeper keeper,
    RedisEntryStore? redis, NodeLease? lease, FillEnvironment fills, CacheLog log, CacheMetrics metrics)
{
    public CacheSettings Settings => settings;
    public PolicyRegistry Policies => policies;
    public CacheClock Clock => clock;
    public TagTable Tags => tags;
    public MemoryLayer Memory => memory;
    public EntryKeeper Keeper => keeper;
    public FillEnvironment Fills => fills;
    public CacheLog Log => log;
    public CacheMetrics Metrics => metrics;

    /// <summary>Null: <c>CACHE_BACKEND=memory</c>.</summary>
    public RedisLayer? Redis => redis?.Layer;

    /// <summary>Entries in Redis, if it is connected, verified, and has all invalidations of this node.</summary>
    public RedisEntryStore? TrustedRedis => redis is { Layer.IsTrusted: true } && !Pending.Any ? redis : null;

    /// <summary>The highest number this node has seen Redis issue; zero without Redis.</summary>
    public long HighestNumber => redis?.Layer.HighestNumber ?? 0;

    /// <summary>Redis must not contradict invalidations that it has not received yet.</summary>
    public PendingInvalidations Pending { get; } = new();

    /// <summary>Null without Redis.</summary>
    public RedisKeyHints? KeyHints => redis?.Hints;

    private bool CanEncrypt => settings.EncryptionKeys.Writing is not null;

    /// <summary>
    /// Whether entries of a policy may be stored in Redis: it is declared, and sensitive values can be encrypted.
    /// </summary>
    public bool MayShare(PolicyState policy) => policy.IsDeclared && !policy.IsOff && (!policy.Sensitive || CanEncrypt);

    /// <summary>The same for a response: it is as sensitive as the most sensitive value it was built from.</summary>
    public bool MayShare(PolicyState policy, CacheTrace builtFrom) =>
        MayShare(policy) && (!builtFrom.Sensitive || CanEncrypt);

    /// <summary>
    /// An entry in memory that may be served now. The layer is the name in the log: memory, or output for a response.
    /// </summary>
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

    /// <summary>
    /// Counts a hit in memory; of one in 1024 the look-up is timed, by making it once more, so that the others do not
    /// look at a clock for it.
    /// </summary>
    public void CountHit(CacheEntry entry)
    {
        if (CacheMetrics.IsTimed(entry.Hits.Increment()))
            TimeOne(entry);
    }

    /// <summary>
    /// An entry in memory that only ran out of time, and may be served while it is refreshed. One that was invalidated
    /// never is.
    /// </summary>
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
    public bool IsCovered(CacheEntry entry, long now) =>
        lease is null || now < lease.Until || IsCoveredWithoutLease(entry, now);

    // Apart, so that the other path of a hit stays small enough to be inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsCoveredWithoutLease(CacheEntry entry, long now) =>
        settings.Faults.NoLease || lease!.CoversUnleased(entry.ReadAt, now);

    /// <summary>The tags an entry must carry: those that its key implies and those that the caller gives.</summary>
    public TagSet Hold(string key, PolicyState policy, IEnumerable<string>? callersTags)
    {
        var held = new TagSet(tags, policy.TagsOf(key));
        foreach (var tag in callersTags ?? [])
            held.Add(CacheTags.Checked(tag));
        return held;
    }

    /// <summary>
    /// Reads by a plain GET what Redis is expected to have, without a lock and joined by no other caller. Returns too
    /// whether Redis failed: the fill that follows need not ask again.
    /// </summary>
    public async Task<(CacheEntry<T>? Entry, bool HasFailed)> ReadHintedAsync<T>(
        RedisKeyHints.Hint hint, string key, PolicyState policy, IEnumerable<string>? callersTags)
    {
        try
        {
            using var held = Hold(key, policy, callersTags);
            return MayShare(policy) && TrustedRedis is { } trusted
                ? await trusted.ReadHintedAsync<T>(hint, key, policy, held).ConfigureAwait(false)
                : default;
        }
        finally
        {
            hint.EndRead();
        }
    }

    public void RedisFailed(Exception exception, string operation, string key) =>
        redis?.Failed(exception, operation, key);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TimeOne(CacheEntry entry)
    {
        var started = Stopwatch.GetTimestamp();
        var again = memory.Find(entry.Key);
        _ = again is not null && clock.Now < again.FreshUntil && IsTrusted(again, clock.Now);
        metrics.MemoryRead(started);
    }

    private void LogHit(CacheEntry entry, string layer, long now) =>
        log.Hit(entry.Key, layer, (entry.FreshUntil - now) / 1000);
}
