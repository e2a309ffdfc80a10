namespace ECommerce.Caching;

/// <summary>The tags of an entry in the making, held so that none is forgotten meanwhile, with the versions Redis has of them.</summary>
internal sealed class HeldTags(TagTable table) : IDisposable
{
    private readonly List<TagStamp> _stamps = new(8);
    private bool _disposed;

    public int Count => _stamps.Count;

    public TagStamp this[int index] => _stamps[index];

    public void Add(string tag)
    {
        if (IndexOf(tag) < 0)
            _stamps.Add(new TagStamp(table.Acquire(tag), 0));
    }

    public void Add(TagStamp stamp)
    {
        if (IndexOf(stamp.State.Name) >= 0)
            return;
        _stamps.Add(stamp with { State = table.Acquire(stamp.State.Name) });
    }

    public int IndexOf(string tag) => _stamps.FindIndex(stamp => stamp.State.Name == tag);

    /// <summary>Notes the version Redis has; the node learns it too.</summary>
    public void Note(int index, long version)
    {
        _stamps[index] = _stamps[index] with { Version = version };
        table.Learn(_stamps[index].State, version);
    }

    public void ForgetVersions()
    {
        for (var i = 0; i < _stamps.Count; i++)
            _stamps[i] = _stamps[i] with { Version = 0 };
    }

    public bool AllVersionsKnown => _stamps.TrueForAll(stamp => stamp.Version != 0);

    /// <summary>Whether one of them was dropped after a moment.</summary>
    public bool DroppedAfter(long moment) => table.Node.DroppedAt > moment || _stamps.Exists(stamp => stamp.State.DroppedAt > moment);

    /// <summary>The tags held now, for those who look at them from other threads.</summary>
    public TagState[] States() => [.. _stamps.Select(stamp => stamp.State)];

    /// <summary>The tags for an entry, which holds them too: it may be dropped from memory before the fill has ended.</summary>
    public TagStamp[] HandOver()
    {
        foreach (var stamp in _stamps)
            stamp.State.TryAcquire();
        return [.. _stamps];
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
