namespace ECommerce.Caching.Inspection;

/// <summary>How an entry in memory stands.</summary>
public enum MemoryState
{
    /// <summary>There is none.</summary>
    Absent,

    /// <summary>A read takes it.</summary>
    Fresh,

    /// <summary>A read takes it and refreshes it.</summary>
    Stale,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>One of its tags was dropped since its value was read. It is never served again.</summary>
    Invalidated,

    /// <summary>This node lost track of the others' messages since its value was read, and forgot all it had.</summary>
    Forgotten,

    /// <summary>It would do, but this node has no lease, and the entry is too old to be trusted without one.</summary>
    Unleased,
}

/// <summary>An entry in the memory of this node.</summary>
/// <param name="State">Whether a read would take it.</param>
/// <param name="DroppedBy">The tag that was dropped, if it is invalidated; of several the one whose drop came
/// first.</param>
/// <param name="Age">How long ago its value was read, from its source or from Redis.</param>
/// <param name="FreshFor">How long it is still fresh. Zero: no longer.</param>
/// <param name="LivesFor">How long until its stale time ends. Zero: it has.</param>
/// <param name="Bytes">What it takes: its value, serialised, and what keeping it costs.</param>
/// <param name="AsOf">This node's moment before its value was read.</param>
/// <param name="Tags">What it depends on.</param>
public sealed record MemoryCopy(
    MemoryState State, string? DroppedBy, TimeSpan? Age, TimeSpan? FreshFor, TimeSpan? LivesFor, long? Bytes,
        long? AsOf, IReadOnlyList<MemoryTag> Tags)
{
    internal static readonly MemoryCopy Absent = new(MemoryState.Absent, null, null, null, null, null, null, []);
}

/// <summary>A tag of an entry in memory.</summary>
/// <param name="Tag">The tag.</param>
/// <param name="DroppedAt">This node's moment when it was last dropped; zero: never. Later than the entry's
/// <see cref="MemoryCopy.AsOf"/>: the entry is of the past.</param>
/// <param name="Sequence">Up to which number its invalidations are in the value; zero: not known, so the entry is not
/// kept in Redis.</param>
public sealed record MemoryTag(string Tag, long DroppedAt, long Sequence);
