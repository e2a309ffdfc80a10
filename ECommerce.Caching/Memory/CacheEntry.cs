using System.Runtime.CompilerServices;
using ECommerce.Caching.Hashing;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.Tags;

namespace ECommerce.Caching.Memory;

/// <summary>
/// What a hit reads of an entry. The fields of a base class come before those of its descendants, so these sixty-four
/// bytes are together, and a hit does not fetch the rest.
/// </summary>
internal abstract class EntryHead(string key, StripedCounter hits, object? shared, bool isShared, long freshUntil)
    : KeyTableNode<CacheEntry>(key)
{
    /// <summary>The node's moment when the tags were last looked at.</summary>
    protected long CheckedAt;

    /// <summary>
    /// The value, or its box, if all readers get the same instance; else the payload from which each gets a copy.
    /// </summary>
    protected readonly object? Shared = shared;
    protected readonly bool IsShared = isShared;

    /// <summary>
    /// The marks of a read. A hit sets all of them with one write, and tests them before, so that hits do not write to
    /// a shared line; each is taken off by what looks at it. A mark that is lost to such a race costs nothing: the next
    /// hit sets it again.
    /// </summary>
    public ReadMarks Marks;

    /// <summary>What its hits in memory are counted by.</summary>
    public StripedCounter Hits { get; } = hits;

    /// <summary>
    /// Until when a hit serves it without a further look. With a sliding expiration (<see cref="IdleLimit"/>) it is
    /// fresh for longer, and a hit after this renews it.
    /// </summary>
    public long FreshUntil { get; protected set; } = freshUntil;
}

/// <summary>For whom a read is marked on an entry.</summary>
[Flags]
internal enum ReadMarks : byte
{
    None = 0,

    /// <summary>SIEVE's: read since the hand passed.</summary>
    Eviction = 1,

    /// <summary>Read since the last sample of reads was taken.</summary>
    Sample = 2,

    All = Eviction | Sample,
}

/// <summary>An entry in the memory of the process.</summary>
internal abstract class CacheEntry(
    string key, PolicyState policy, StripedCounter hits, TagStamps stamps, long asOf, long readAt, long freshUntil,
        long staleUntil, int size, object? shared, bool isShared, IdleLimit? idle)
    : EntryHead(key, hits, shared, isShared, idle?.NextLook ?? freshUntil)
{
    private long _refreshNotBefore;

    // Linked into the eviction queue of MemoryLayer and guarded by its lock.
    public CacheEntry? Newer, Older;

    public PolicyState Policy { get; } = policy;
    public TagStamps Stamps { get; } = stamps;

    /// <summary>The node's moment (<see cref="TagTable.Moment"/>) before the value was read.</summary>
    public long AsOf { get; } = asOf;

    /// <summary>The clock's milliseconds before the value was read.</summary>
    public long ReadAt { get; } = readAt;

    /// <summary>
    /// Until when it may be served though it ran out of its fresh time, while a refresh is made behind it.
    /// </summary>
    public long StaleUntil => idle is null ? staleUntil : Math.Min(staleUntil, idle.Until);

    /// <summary>Its sliding expiration, if it has one.</summary>
    public IdleLimit? Idle => idle;

    /// <summary>A read: true if it renewed the sliding expiration.</summary>
    public bool TryRenew(long now)
    {
        if (idle is null || !idle.TryRenew(now))
            return false;
        FreshUntil = idle.NextLook;
        return true;
    }

    /// <summary>
    /// Bytes of the serialised value, plus what keeping it costs. Written under the lock of MemoryLayer once the entry
    /// is there.
    /// </summary>
    public int Size { get; set; } = size;

    /// <summary>
    /// True for one caller, which runs the refresh; true again only after the given time, if the refresh does not end.
    /// </summary>
    public bool TryBeginRefresh(long now, long again)
    {
        var notBefore = Volatile.Read(ref _refreshNotBefore);
        return now >= notBefore
            && Interlocked.CompareExchange(ref _refreshNotBefore, now + again, notBefore) == notBefore;
    }

    public void RefreshNotBefore(long moment) => Volatile.Write(ref _refreshNotBefore, moment);

    /// <summary>
    /// Whether no tag was dropped since the value was read. While the node's moment is the one of the last look,
    /// nothing at all was dropped since, so a hit costs the same however many tags there are.
    /// </summary>
    public bool IsCurrent(TagTable tags)
    {
        // Read before the tags are: a drop is visible before its moment is.
        var moment = tags.Moment;
        return Volatile.Read(ref CheckedAt) == moment || IsCurrentSince(tags.Node, moment);
    }

    /// <inheritdoc cref="IsCurrent(TagTable)"/>
    public bool IsCurrent(TagState node) => node.DroppedAt <= AsOf && !Stamps.DroppedAfter(AsOf);

    // Apart, so that the other path of a hit stays small enough to be inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsCurrentSince(TagState node, long moment)
    {
        if (!IsCurrent(node))
            return false;
        Volatile.Write(ref CheckedAt, moment);
        return true;
    }

    public void ReleaseTags()
    {
        foreach (var stamp in Stamps)
            stamp.State.Release();
    }
}

/// <inheritdoc/>
/// <remarks>
/// Immutable values are shared by all readers; of others the payload is kept, and each reader gets a copy.
/// </remarks>
internal sealed class CacheEntry<T>(
    T value, string key, PolicyState policy, TagStamps stamps, long asOf, long readAt, long freshUntil,
        long staleUntil, int size,
    CopySource<T>? copies = null, IdleLimit? idle = null)
    : CacheEntry(
        key, policy, HitsOf(policy), stamps, asOf, readAt, freshUntil, staleUntil, size,
        copies is null ? value : copies.Payload, isShared: copies is null, idle)
{
    private readonly ValueSerializer<T>? _copier = copies?.Serializer;

    /// <summary>Each call gives another instance if the value could be changed.</summary>
    public T Value =>
        !IsShared ? Copy() : typeof(T).IsValueType ? (T)Shared! : Unsafe.As<object?, T>(ref Unsafe.AsRef(in Shared));

    // Apart, so that a hit on what is shared stays small enough to be inlined.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private T Copy() => _copier!.Read((byte[])Shared!);

    private static StripedCounter HitsOf(PolicyState policy) =>
        typeof(T) == typeof(StoredResponse) ? policy.Counters.OutputHits : policy.Counters.MemoryHits;
}
