using System.Collections.Concurrent;

namespace ECommerce.Caching;

/// <summary>All tags this node watches, and the order in which they were dropped here.</summary>
internal sealed class TagTable
{
    private readonly ConcurrentDictionary<string, TagState> _states = new(StringComparer.Ordinal);
    private readonly Lock _order = new();
    private long _moment = 1;

    /// <summary>The tag that every entry in memory carries besides its own: dropping it makes the node forget all it has.</summary>
    public TagState Node { get; } = new("node");

    public int Count => _states.Count;

    /// <summary>
    /// The node's present moment: every drop gets a later one, and who sees that moment sees the drop. A fill notes it before it reads anything.
    /// </summary>
    public long Moment => Volatile.Read(ref _moment);

    /// <summary>The state of a tag, held: the caller releases it.</summary>
    public TagState Acquire(string tag)
    {
        while (true)
        {
            var state = _states.GetOrAdd(tag, static name => new TagState(name));
            if (state.TryAcquire())
                return state;
            // It is being retired; its place in the table is free in an instant.
            _states.TryRemove(new KeyValuePair<string, TagState>(tag, state));
        }
    }

    /// <summary>Drops a tag here, also one that no entry carries yet: a fill that is under way may find out later that it depends on it.</summary>
    public void Drop(string tag)
    {
        var state = Acquire(tag);
        Drop(state);
        state.Release();
    }

    /// <inheritdoc cref="Drop(string)"/>
    public void Drop(string tag, long version)
    {
        var state = Acquire(tag);
        lock (_order)
        {
            state.Drop(_moment + 1, version);
            Volatile.Write(ref _moment, _moment + 1);
        }
        state.Release();
    }

    public void DropAll() => Drop(Node);

    /// <summary>
    /// A version read from Redis. Newer than a known one, it tells of an invalidation whose message is still on its way, so memory is dropped.
    /// The first version ever heard of tells nothing: entries made before it are covered by the messages.
    /// </summary>
    public void Learn(TagState state, long version)
    {
        if (version <= state.Version)
            return;
        lock (_order)
        {
            if (version <= state.Version)
                return;
            if (state.Version == 0)
            {
                state.Learn(version);
                return;
            }
            state.Drop(_moment + 1, version);
            Volatile.Write(ref _moment, _moment + 1);
        }
    }

    /// <summary>Forgets tags that nobody holds and that were last dropped before a moment no running fill began at.</summary>
    public void Collect(long before)
    {
        foreach (var (tag, state) in _states)
        {
            // Not between the two: a drop holds the state only while it is made.
            lock (_order)
            {
                if (state.DroppedAt < before && state.TryRetire())
                    _states.TryRemove(new KeyValuePair<string, TagState>(tag, state));
            }
        }
    }

    private void Drop(TagState state)
    {
        lock (_order)
        {
            state.Drop(_moment + 1);
            Volatile.Write(ref _moment, _moment + 1);
        }
    }
}
