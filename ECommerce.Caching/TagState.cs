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

    public void Drop(long moment) => Raise(ref _droppedAt, moment);

    /// <summary>An invalidation with its version: drops what is in memory, unless this very version did already.</summary>
    public void Drop(long moment, long version)
    {
        Raise(ref _version, version);
        if (Raise(ref _droppedVersion, version))
            Raise(ref _droppedAt, moment);
    }

    /// <summary>
    /// A version read from Redis. Newer than a known one, it tells of an invalidation whose message is still on its way, so memory is dropped.
    /// The first version ever heard of tells nothing: entries made before it are covered by the messages.
    /// </summary>
    public void Learn(long version, Func<long> moment)
    {
        var known = Version;
        if (version <= known)
            return;
        if (known == 0)
            Raise(ref _version, version);
        else
            Drop(moment(), version);
    }

    private static bool Raise(ref long location, long value)
    {
        while (true)
        {
            var current = Volatile.Read(ref location);
            if (current >= value)
                return false;
            if (Interlocked.CompareExchange(ref location, value, current) == current)
                return true;
        }
    }
}
