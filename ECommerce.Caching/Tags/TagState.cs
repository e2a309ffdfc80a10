using ECommerce.Caching.Hashing;

namespace ECommerce.Caching.Tags;

/// <summary>
/// What this node knows of one tag. Entries hold the object itself, so that a hit compares a number and looks nothing
/// up.
/// </summary>
/// <remarks>
/// Two numbers with two jobs. <see cref="DroppedAt"/> is this node's own order of events: an entry read at an earlier
/// moment is unusable in memory. <see cref="Version"/> is the number Redis issued for the last invalidation: an entry
/// in Redis that was read before it is unusable there.
/// </remarks>
internal sealed class TagState(string name, TagTable? table = null) : KeyTableNode<TagState>(name)
{
    // Up from here: announced, and by how many at once, of which each further one takes one off the highest number.
    // There is a state for each key that was read, so a field less counts.
    private const long Announced = long.MaxValue - int.MaxValue;

    private long _droppedAt;
    private long _version;
    private long _droppedVersion;
    private long _presentUntil, _presentAsOf;
    private int _references;

    public string Name => Key;

    /// <summary>
    /// When the tag was last dropped, in the order of <see cref="TagTable.Moment"/>. Zero: never since this node
    /// watches it. While an invalidation of it is announced it counts as dropped after every moment.
    /// </summary>
    public long DroppedAt => Volatile.Read(ref _droppedAt);

    /// <summary>Whether an invalidation is announced: its commit may be under way.</summary>
    public bool IsAnnounced => DroppedAt >= Announced;

    /// <summary>The highest version this node knows. Zero: none.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Whether this node received an invalidation, and not only read a version from Redis.</summary>
    public bool IsReceived => Volatile.Read(ref _droppedVersion) != 0;

    /// <summary>
    /// Whether Redis is known to have a version of the tag, for longer than any entry lives. An invalidation of many
    /// tags removes their versions, so that counts only from after the last drop of this one and a given moment.
    /// </summary>
    public bool IsPresent(long since, long now) =>
        now < Volatile.Read(ref _presentUntil) && Volatile.Read(ref _presentAsOf) >= Math.Max(since, DroppedAt);

    public void MarkPresent(long asOf, long until)
    {
        // In between it looks absent: to ask once too often does no harm.
        Volatile.Write(ref _presentUntil, 0);
        Volatile.Write(ref _presentAsOf, asOf);
        Volatile.Write(ref _presentUntil, until);
    }

    /// <summary>Reference counting: below zero the state has left the table and must not be used any more.</summary>
    public bool TryAcquire()
    {
        while (true)
        {
            var current = Volatile.Read(ref _references);
            if (current < 0)
                return false;
            if (Interlocked.CompareExchange(ref _references, current + 1, current) == current)
                return true;
        }
    }

    /// <summary>Whether it has left the table: another state may have taken its place.</summary>
    public bool IsRetired => Volatile.Read(ref _references) < 0;

    /// <summary>Gives a reference back. Without references a tag that was never dropped is forgotten at once.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0 && DroppedAt == 0)
            table?.Forget(this);
    }

    public bool TryRetire() => Interlocked.CompareExchange(ref _references, int.MinValue, 0) == 0;

    // What follows is called by the table alone, one at a time: a moment must not be seen before its drop is.

    public void Drop(long moment)
    {
        if (!IsAnnounced)
            Volatile.Write(ref _droppedAt, moment);
    }

    /// <summary>
    /// An invalidation with its version: drops what is in memory, unless this very version did already. A lower one
    /// drops too: it may come from a Redis that has lost the last numbers.
    /// </summary>
    public void Drop(long moment, long version)
    {
        if (version > _version)
            Volatile.Write(ref _version, version);
        if (version == _droppedVersion)
            return;
        Volatile.Write(ref _droppedVersion, version);
        Drop(moment);
    }

    public void Announce() => Volatile.Write(ref _droppedAt, IsAnnounced ? _droppedAt - 1 : long.MaxValue);

    /// <summary>The end of one announcement; that of the last one is a drop.</summary>
    public void EndAnnouncement(long moment) =>
        Volatile.Write(ref _droppedAt, _droppedAt == long.MaxValue ? moment : _droppedAt + 1);

    public void Learn(long version) => Volatile.Write(ref _version, version);
}
