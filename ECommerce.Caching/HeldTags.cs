namespace ECommerce.Caching;

/// <summary>The tags of an entry in the making, held so that none is forgotten meanwhile, with the versions Redis has of them.</summary>
internal sealed class HeldTags(TagTable table) : IDisposable
{
    private readonly List<TagStamp> _stamps = new(8);
    private bool _handedOver;

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

    /// <summary>The latest moment at which one of them was dropped, if that is after the given one; else zero.</summary>
    public long DroppedAfter(long moment)
    {
        var latest = table.Node.DroppedAt;
        foreach (var stamp in _stamps)
            latest = Math.Max(latest, stamp.State.DroppedAt);
        return latest > moment ? latest : 0;
    }

    /// <summary>Gives the references to the entry that carries the tags from now on.</summary>
    public TagStamp[] HandOver()
    {
        _handedOver = true;
        return [.. _stamps];
    }

    public void Dispose()
    {
        if (_handedOver)
            return;
        foreach (var stamp in _stamps)
            stamp.State.Release();
        _handedOver = true;
    }
}
