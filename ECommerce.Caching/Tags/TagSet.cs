using System.Runtime.InteropServices;

namespace ECommerce.Caching.Tags;

/// <summary>The tags of an entry in the making, held so that none is forgotten meanwhile.</summary>
internal sealed class TagSet(TagTable table) : IDisposable
{
    private readonly List<TagStamp> _stamps = new(8);
    private bool _disposed;

    public TagSet(TagTable table, string[] names)
        : this(table)
    {
        foreach (var name in names)
            Add(name);
    }

    public int Count => _stamps.Count;

    public TagStamp this[int index] => _stamps[index];

    /// <summary>A tag that is stamped later, when it is known as of when the value was read.</summary>
    public void Add(string tag) => Add(tag, 0);

    public void Add(string tag, long sequence)
    {
        if (IndexOf(tag) < 0)
            _stamps.Add(new TagStamp(table.Acquire(tag), sequence));
    }

    /// <summary>
    /// Adds tags as they were read, of which some may be the very ones held elsewhere, in the same places: those need
    /// not be looked for.
    /// </summary>
    public void Add(IReadOnlyList<(string Name, long Sequence)> read, TagSet elsewhere)
    {
        for (var i = 0; i < read.Count; i++)
        {
            var (name, sequence) = read[i];
            if (i < elsewhere.Count && ReferenceEquals(elsewhere[i].State.Name, name) && IndexOf(name) < 0
                && elsewhere[i].State.TryAcquire())
            {
                _stamps.Add(elsewhere[i] with { Sequence = sequence });
            }
            else
            {
                Add(name, sequence);
            }
        }
    }

    public void Add(TagStamp stamp) => Add(stamp.State.Name, stamp.Sequence);

    public int IndexOf(string tag)
    {
        for (var i = 0; i < _stamps.Count; i++)
        {
            if (_stamps[i].State.Name == tag)
                return i;
        }
        return -1;
    }

    /// <summary>What has no stamp yet was read when this was the highest number the node had seen.</summary>
    public void Stamp(long sequence)
    {
        for (var i = 0; i < _stamps.Count; i++)
        {
            if (_stamps[i].Sequence == 0)
                _stamps[i] = _stamps[i] with { Sequence = sequence };
        }
    }

    /// <summary>Whether an invalidation of one of them is announced.</summary>
    public bool IsAnnounced => _stamps.Exists(static stamp => stamp.State.IsAnnounced);

    public bool IsStamped => _stamps.TrueForAll(stamp => stamp.Sequence != 0);

    /// <summary>The highest version of one of them that this node knows: values read before it are outdated.</summary>
    public long HighestVersion
    {
        get
        {
            var highest = 0L;
            foreach (var stamp in _stamps)
                highest = Math.Max(highest, stamp.State.Version);
            return highest;
        }
    }

    /// <summary>Whether one of them was dropped after a moment.</summary>
    public bool DroppedAfter(long moment)
    {
        if (table.Node.DroppedAt > moment)
            return true;
        foreach (var stamp in _stamps)
        {
            if (stamp.State.DroppedAt > moment)
                return true;
        }
        return false;
    }

    /// <summary>The tags held now, for readers on other threads.</summary>
    public TagState[] States()
    {
        var states = new TagState[_stamps.Count];
        for (var i = 0; i < states.Length; i++)
            states[i] = _stamps[i].State;
        return states;
    }

    /// <summary>
    /// The tags for an entry, which holds them too: it may be dropped from memory before the fill has ended.
    /// </summary>
    public TagStamps HandOver()
    {
        foreach (var stamp in _stamps)
            stamp.State.TryAcquire();
        return TagStamps.Create(CollectionsMarshal.AsSpan(_stamps));
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        foreach (var stamp in _stamps)
            stamp.State.Release();
        _disposed = true;
    }
}
