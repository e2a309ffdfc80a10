using System.Runtime.InteropServices;
using ECommerce.Caching.Hashing;

namespace ECommerce.Caching.Tags;

/// <summary>All tags this node watches, and the order in which they were dropped here.</summary>
internal sealed class TagTable
{
    /// <summary>How many tags are kept though nothing in memory carries them, some ten megabytes.</summary>
    private const int MaxStates = 50_000;

    private readonly Lock _order = new();

    // Written under the lock.
    private readonly KeyTable<TagState> _states = new(share: 1);
    private readonly Dictionary<TagState, int> _unnumbered = [];
    private int _unnumberedCount;
    private long _moment = 1;
    private long _forgotten;

    /// <summary>
    /// The tag that every entry in memory carries besides its own: dropping it makes the node forget all it has.
    /// </summary>
    public TagState Node { get; } = new("node");

    /// <summary>The tag of every entry, whose version is the generation.</summary>
    public TagState Everything { get; }

    public TagTable() => Everything = Acquire(CacheTags.Everything);

    public int Count => _states.Count;

    /// <summary>
    /// The highest version of an invalidation this node received and has forgotten since: of a tag without a state, it
    /// may have been that one.
    /// </summary>
    public long Forgotten => Volatile.Read(ref _forgotten);

    /// <summary>
    /// The node's present moment: every drop gets a later one, and a reader of that moment sees the drop. A fill notes
    /// it before it reads anything.
    /// </summary>
    public long Moment => Volatile.Read(ref _moment);

    /// <summary>The state of a tag, held: the caller releases it.</summary>
    public TagState Acquire(string tag)
    {
        if (_states.Find(tag) is { } known && known.TryAcquire())
            return known;
        lock (_order)
        {
            var state = State_NeedsLock(tag);
            state.TryAcquire();
            return state;
        }
    }

    /// <summary>The state of a tag, if there is one, not held: for a look.</summary>
    public TagState? Find(string tag) => _states.Find(tag);

    /// <summary>
    /// Whether this node, which has followed the messages from a number on, knows of every invalidation of a tag after
    /// another number, without asking Redis.
    /// </summary>
    public bool Knows(TagState? state, long sequence, long followedFrom) =>
        sequence > followedFrom && (state is { IsReceived: true } || sequence >= Forgotten);

    /// <summary>
    /// Drops tags here, at one moment, also those that no entry carries yet: a fill that is under way may find out
    /// later that it depends on one.
    /// </summary>
    public void Drop(params IEnumerable<string> tags)
    {
        lock (_order)
        {
            foreach (var tag in tags)
                State_NeedsLock(tag).Drop(_moment + 1);
            Volatile.Write(ref _moment, _moment + 1);
        }
    }

    /// <inheritdoc cref="Drop(IEnumerable{string})"/>
    public void Drop(string tag, long version) => Drop([tag], version);

    /// <inheritdoc cref="Drop(IEnumerable{string})"/>
    public void Drop(IEnumerable<string> tags, long version)
    {
        lock (_order)
        {
            foreach (var tag in tags)
                State_NeedsLock(tag).Drop(_moment + 1, version);
            Volatile.Write(ref _moment, _moment + 1);
        }
    }

    /// <summary>
    /// From now on the tag counts as dropped after every moment. Returns its state, held until the end.
    /// </summary>
    public TagState Announce(string tag)
    {
        var state = Acquire(tag);
        lock (_order)
        {
            state.Announce();
            Volatile.Write(ref _moment, _moment + 1);
        }
        return state;
    }

    /// <summary>Ends what <see cref="Announce"/> began: what was read until now stays dropped.</summary>
    public void EndAnnouncement(TagState state)
    {
        lock (_order)
        {
            state.EndAnnouncement(_moment + 1);
            Volatile.Write(ref _moment, _moment + 1);
        }
        state.Release();
    }

    /// <summary>
    /// As <see cref="EndAnnouncement"/>, before the invalidation has its number: until <see cref="Number"/> is called,
    /// an entry in Redis does not show whether it was read before the commit. The state stays held.
    /// </summary>
    public void EndUnnumbered(TagState state)
    {
        lock (_order)
        {
            // Before the end: in between a reader would find neither.
            CollectionsMarshal.GetValueRefOrAddDefault(_unnumbered, state, out _)++;
            Volatile.Write(ref _unnumberedCount, _unnumbered.Count);
            state.EndAnnouncement(_moment + 1);
            Volatile.Write(ref _moment, _moment + 1);
        }
    }

    /// <summary>The number is known (<see cref="Raise"/>), or everything of the tag was dropped once more.</summary>
    public void Number(TagState state)
    {
        lock (_order)
        {
            if (--CollectionsMarshal.GetValueRefOrAddDefault(_unnumbered, state, out _) <= 0)
                _unnumbered.Remove(state);
            Volatile.Write(ref _unnumberedCount, _unnumbered.Count);
        }
        state.Release();
    }

    /// <summary>
    /// Whether an invalidation of a tag is committed and has no number here yet. To be asked before its version is.
    /// </summary>
    public bool IsUnnumbered(TagState state)
    {
        if (Volatile.Read(ref _unnumberedCount) == 0)
            return false;
        lock (_order)
            return _unnumbered.ContainsKey(state);
    }

    /// <summary>The version of an invalidation after which everything here was read already.</summary>
    public void Raise(string tag, long version)
    {
        var state = Acquire(tag);
        lock (_order)
        {
            if (version > state.Version)
                state.Learn(version);
        }
        state.Release();
    }

    /// <summary>
    /// Whether a tag was dropped after a moment, here or, if the state has left the table since, in its successor.
    /// </summary>
    public bool DroppedAfter(TagState state, long moment) =>
        state.DroppedAt > moment || (state.IsRetired && Find(state.Name)?.DroppedAt > moment);

    public void DropAll()
    {
        lock (_order)
        {
            Node.Drop(_moment + 1);
            Volatile.Write(ref _moment, _moment + 1);
        }
    }

    /// <summary>
    /// A version read from Redis. Newer than a known one, it stands for an invalidation whose message has not arrived,
    /// so L1 is dropped. The first known version proves nothing: entries made before it are covered by the messages.
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

    /// <summary>
    /// Forgets a tag that has no references and was never dropped: of such a one nothing has to be remembered, and
    /// there are as many as entries were read once.
    /// </summary>
    public void Forget(TagState state)
    {
        lock (_order)
        {
            // Drops are made under the lock.
            if (state.DroppedAt == 0 && state.TryRetire())
                _states.Remove(state);
        }
    }

    /// <summary>
    /// Forgets tags without references that were last dropped no later than a moment that no running fill began before.
    /// A received invalidation is kept until no entry in Redis can be as old as that, because it saves asking Redis;
    /// unless the table is full.
    /// </summary>
    public void Collect(long before, long oldestEntry)
    {
        foreach (var state in _states.Items)
        {
            if (state.IsReceived && state.Version > oldestEntry && _states.Count < MaxStates)
                continue;
            lock (_order)
            {
                // One that was dropped at the very moment was dropped before all that began at it.
                if (state.DroppedAt > before || !state.TryRetire())
                    continue;
                // Before the state is removed: a reader that finds none must find this number.
                if (state.IsReceived && state.Version > _forgotten)
                    Volatile.Write(ref _forgotten, state.Version);
                _states.Remove(state);
            }
        }
    }

    // While the lock is held no state is retired: one that is found need not be held.
    private TagState State_NeedsLock(string tag)
    {
        if (_states.Find(tag) is not { } state)
            _states.Add(state = new TagState(tag, this));
        return state;
    }
}
