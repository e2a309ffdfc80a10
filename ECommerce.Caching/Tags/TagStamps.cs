using System.Runtime.CompilerServices;

namespace ECommerce.Caching.Tags;

/// <summary>The tags of an entry, each with its number.</summary>
/// <remarks>
/// All that one factory read has the same number, which then is kept once: a tag takes eight bytes and not sixteen.
/// </remarks>
[CollectionBuilder(typeof(TagStamps), nameof(Create))]
internal readonly struct TagStamps
{
    // Of TagState if all have the same number, else of TagStamp.
    private readonly Array _tags;
    private readonly long _sequence;

    private TagStamps(Array tags, long sequence) => (_tags, _sequence) = (tags, sequence);

    public static TagStamps Create(ReadOnlySpan<TagStamp> stamps)
    {
        var sequence = stamps.IsEmpty ? 0 : stamps[0].Sequence;
        foreach (ref readonly var stamp in stamps)
        {
            if (stamp.Sequence != sequence)
                return new TagStamps(stamps.ToArray(), 0);
        }
        var states = new TagState[stamps.Length];
        for (var i = 0; i < stamps.Length; i++)
            states[i] = stamps[i].State;
        return new TagStamps(states, sequence);
    }

    public int Count => _tags.Length;

    /// <summary>What they take in memory.</summary>
    public int Size =>
        _tags is TagState[] states ? states.Length * IntPtr.Size : Count * Unsafe.SizeOf<TagStamp>();

    public TagStamp this[int index] => _tags is TagState[] states
        ? new TagStamp(states[index], _sequence) : Unsafe.As<TagStamp[]>(_tags)[index];

    /// <summary>Whether one of them was dropped after a moment.</summary>
    public bool DroppedAfter(long moment)
    {
        foreach (var stamp in this)
        {
            if (stamp.State.DroppedAt > moment)
                return true;
        }
        return false;
    }

    public TagStamp[] ToArray()
    {
        var stamps = new TagStamp[Count];
        for (var i = 0; i < stamps.Length; i++)
            stamps[i] = this[i];
        return stamps;
    }

    public Enumerator GetEnumerator() => new(this);

    internal struct Enumerator(TagStamps stamps)
    {
        private int _at = -1;

        public readonly TagStamp Current => stamps[_at];

        public bool MoveNext() => ++_at < stamps.Count;
    }
}
