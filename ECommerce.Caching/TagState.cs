namespace ECommerce.Caching;

/// <summary>
/// What this node knows of one tag. Entries hold the object itself, so that a hit compares a number and looks nothing up.
/// </summary>
/// <remarks>
/// Two numbers with two jobs. <see cref="DroppedAt"/> is this node's own order of events: an entry read at an earlier moment is unusable in
/// memory. <see cref="Version"/> is the number Redis issued: it is what an entry in Redis must be stamped with to be usable there.
/// </remarks>
internal sealed class TagState(string name)
{
    private long _droppedAt;
    private long _version;
    private long _droppedVersion;
    private int _references;

    public string Name { get; } = name;

    /// <summary>When the tag was last dropped, in the order of <see cref="TagTable.Moment"/>. Zero: never since this node watches it.</summary>
    public long DroppedAt => Volatile.Read(ref _droppedAt);

    /// <summary>The highest version this node has heard of. Zero: none.</summary>
    public long Version => Volatile.Read(ref _version);

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

    public void Release() => Interlocked.Decrement(ref _references);

    public bool TryRetire() => Interlocked.CompareExchange(ref _references, int.MinValue, 0) == 0;

    // What follows is called by the table alone, one at a time: a moment must not be seen before its drop is.

    public void Drop(long moment) => Volatile.Write(ref _droppedAt, moment);

    /// <summary>
    /// An invalidation with its version: drops what is in memory, unless this very version did already. A lower one drops too: it may come from a
    /// Redis that has lost the last numbers.
    /// </summary>
    public void Drop(long moment, long version)
    {
        if (version > _version)
            Volatile.Write(ref _version, version);
        if (version == _droppedVersion)
            return;
        _droppedVersion = version;
        Volatile.Write(ref _droppedAt, moment);
    }

    public void Learn(long version) => Volatile.Write(ref _version, version);
}
