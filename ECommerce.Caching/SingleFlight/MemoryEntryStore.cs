using System.Diagnostics;
using System.Runtime.CompilerServices;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.Tags;

namespace ECommerce.Caching.SingleFlight;

/// <summary>
/// Entries in L1: finds those that may be served, by their lifetimes, their tags and the lease of this node, and stores
/// new ones where the backend has an L1.
/// </summary>
internal sealed class MemoryEntryStore(
    MemoryLayer layer, CacheSettings settings, TagTable tags, CacheClock clock, CacheLog log, CacheMetrics metrics,
    ValueSerializers serializers, NodeLease? lease = null)
{
    /// <summary>
    /// What an entry in L1 takes besides the bytes of its value, the letters of its key and the list of its tags: the
    /// entry, the state of the tag that is its key, a place in the table of each, and the headers of the three.
    /// </summary>
    internal const int EntryOverhead = 360;

    private readonly HitSample _sample = new();
    private long _sampleMask;

    public MemoryLayer Layer => layer;
    public TagTable Tags => tags;
    public CacheClock Clock => clock;
    public ValueSerializers Serializers => serializers;

    /// <summary>
    /// An entry that may be served now. The name is that of the layer in the log: memory, or output for a response.
    /// </summary>
    public CacheEntry? FindServable(ReadOnlySpan<char> key, string name = "memory")
    {
        var entry = layer.Find(key);
        if (entry is null)
            return null;
        var now = clock.Now;
        if (now >= entry.FreshUntil)
            return FindRenewed(entry, name, now);
        if (!IsTrusted(entry, now))
            return null;
        if (log.LogsHits)
            LogHit(entry, name, now);
        return entry;
    }

    // Apart, so that the other path of a hit stays as it is: with a sliding expiration one hit in half a period.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private CacheEntry? FindRenewed(CacheEntry entry, string name, long now)
    {
        if (entry.Idle is not { } idle || now >= idle.FreshUntil || now >= idle.Until || !IsTrusted(entry, now))
            return null;
        Renew(entry, now);
        if (log.LogsHits)
            LogHit(entry, name, now);
        return entry;
    }

    private void Renew(CacheEntry entry, long now)
    {
        if (entry.TryRenew(now))
            Renewed?.Invoke(entry);
    }

    /// <summary>Called for an entry whose sliding expiration a read has renewed here.</summary>
    public Action<CacheEntry>? Renewed { get; set; }

    /// <summary>
    /// The sliding expiration of entries of a type; none of responses, which live no longer than their values.
    /// </summary>
    public static TimeSpan SlidingOf<T>(PolicyState policy) =>
        typeof(T) == typeof(StoredResponse) ? TimeSpan.Zero : policy.Sliding;

    /// <summary>
    /// An entry whose fresh time is over, and that may be served while it is refreshed. One that was invalidated never
    /// is.
    /// </summary>
    public CacheEntry? FindStale(string key)
    {
        if (layer.Find(key) is not { } entry)
            return null;
        var now = clock.Now;
        if (now < (entry.Idle?.FreshUntil ?? entry.FreshUntil) || now >= entry.StaleUntil || !IsTrusted(entry, now))
            return null;
        Renew(entry, now);
        return entry;
    }

    /// <summary>
    /// Counts a hit. Of a sample the look-up is timed, by repeating it, so that the others do not read a clock for it.
    /// </summary>
    public void CountHit(CacheEntry entry)
    {
        if ((entry.Hits.Increment() & _sampleMask) == 0)
            TimeOne(entry);
    }

    /// <summary>Adapts the sample to the load; called several times a second.</summary>
    public void AdaptSample() => _sample.Adapt(ref _sampleMask);

    /// <summary>Whether an entry may be served now, as far as the other nodes are concerned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsCovered(CacheEntry entry, long now) =>
        lease is null || now < lease.Until || IsCoveredWithoutLease(entry, now);

    /// <summary>Serialises a value for the layers; what would be lost of it is logged once for each type.</summary>
    public FrozenValue<T> Freeze<T>(T value)
    {
        var frozen = serializers.For<T>().Freeze(value);
        if (frozen.Loss is { } loss)
            log.LossOnce(typeof(T), loss, frozen.CanStore);
        return frozen;
    }

    /// <summary>Makes an entry of a value, and stores it unless the caller's flags forbid it.</summary>
    /// <remarks>
    /// A copy of what Redis has does not replace one that is fresh for longer: a refresh may have ended here since the
    /// look-up was sent, and its value is in memory before it is in Redis.
    /// </remarks>
    public CacheEntry<T> Write<T>(
        string key, in FrozenValue<T> value, PolicyState policy, TagSet held, long asOf, long readAt, TimeSpan freshFor,
        TimeSpan livesFor, bool keep = true, bool isCopy = false)
    {
        if (policy.MemoryLimit is { } limit && limit < livesFor)
            (freshFor, livesFor) = (limit < freshFor ? limit : freshFor, limit);
        var now = clock.Now;
        var stamps = held.HandOver();
        var size = value.Size + EntryOverhead + (sizeof(char) * key.Length) + stamps.Size;
        if (value.MutableMember is { } mutable)
            log.CopiedOnce(typeof(T), mutable);
        var freshUntil = now + (long)freshFor.TotalMilliseconds;
        var idle = SlidingOf<T>(policy) is { Ticks: > 0 } sliding ? new IdleLimit(sliding, freshUntil, now) : null;
        var entry = new CacheEntry<T>(
            value.Value, key, policy, stamps, asOf, readAt, freshUntil,
            now + (long)livesFor.TotalMilliseconds, size, value.Copies, idle);
        if (settings.Backend == CacheBackend.Redis || !keep)
            entry.ReleaseTags();
        else if (layer.Add(entry, isCopy ? FresherThan(entry, now) : null))
            log.Set(key, value.Size, "memory");
        // After it was added: a flag that was switched off meanwhile has already gone through L1.
        if (policy.IsOff)
            layer.Remove(entry);
        return entry;
    }

    // Apart, so that only a copy pays for what the function captures. A sliding expiration has no such order.
    private Func<CacheEntry, bool> FresherThan(CacheEntry copy, long now) =>
        there => there.Idle is null && there.FreshUntil > copy.FreshUntil && IsTrusted(there, now);

    private bool IsTrusted(CacheEntry entry, long now) => entry.IsCurrent(tags) && IsCovered(entry, now);

    // Apart, so that the other path of a hit stays small enough to be inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsCoveredWithoutLease(CacheEntry entry, long now) =>
        settings.Faults.NoLease || lease!.CoversUnleased(entry.ReadAt, now);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TimeOne(CacheEntry entry)
    {
        var started = Stopwatch.GetTimestamp();
        var again = layer.Find(entry.Key);
        _ = again is not null && clock.Now < again.FreshUntil && IsTrusted(again, clock.Now);
        metrics.MemoryRead(entry, started, _sample.Take(ref _sampleMask));
    }

    private void LogHit(CacheEntry entry, string name, long now) =>
        log.Hit(entry.Key, name, (entry.FreshUntil - now) / 1000);
}
