using System.Diagnostics;

namespace ECommerce.Caching.Diagnostics;

/// <summary>A run of a factory for a key.</summary>
/// <param name="At">When it began.</param>
/// <param name="Cause">Why no layer had the value: <c>not_cached</c>, <c>expired</c>, <c>invalidated</c>,
/// <c>refreshed</c>, <c>redis_unavailable</c> or <c>unreadable</c>.</param>
/// <param name="TraceId">The trace of the first reader, if there is one.</param>
public sealed record KeyFill(DateTimeOffset At, string Cause, string? TraceId);

/// <summary>An invalidation of tags that a key has.</summary>
/// <param name="At">When this node dropped them.</param>
/// <param name="Tags">Those of its tags that the key has.</param>
/// <param name="IsLocal">Whether this node invalidated them; only then the write is known here.</param>
/// <param name="Write">The name of the span of the write: of a request its method and, from its end on, its route;
/// null: another node's, or outside of a trace.</param>
/// <param name="TraceId">The trace of the write.</param>
public sealed record KeyDrop(
    DateTimeOffset At, IReadOnlyList<string> Tags, bool IsLocal, string? Write, string? TraceId);

/// <summary>
/// The last fills and invalidations of this node, within bounded memory: for the question why a key was filled, or
/// dropped. A hit records nothing.
/// </summary>
internal sealed class RecentChanges(TimeProvider time)
{
    // Powers of two.
    private const int Fills = 4096;
    private const int Drops = 1024;
    private const int MaxTags = 100;

    private readonly (string Key, KeyFill Fill)?[] _fills = new (string, KeyFill)?[Fills];
    // With the span of the write, which has its whole name only at its end.
    private readonly (KeyDrop Drop, Activity? Write)?[] _drops = new (KeyDrop, Activity?)?[Drops];
    private readonly Lock _lock = new();
    private int _nextFill, _nextDrop;

    public void Filled(string key, string cause)
    {
        var fill = new KeyFill(time.GetUtcNow(), cause, Activity.Current?.TraceId.ToHexString());
        lock (_lock)
            _fills[_nextFill++ & (Fills - 1)] = (key, fill);
    }

    public void Dropped(IReadOnlyCollection<string> tags, bool isLocal)
    {
        var write = isLocal ? Activity.Current : null;
        while (write?.Parent is { } parent)
            write = parent;
        var drop = new KeyDrop(
            time.GetUtcNow(), [.. tags.Take(MaxTags)], isLocal, Write: null, write?.TraceId.ToHexString());
        lock (_lock)
            _drops[_nextDrop++ & (Drops - 1)] = (drop, write);
    }

    /// <summary>The last fill of a key, if it is among the last 4096 of the node.</summary>
    public KeyFill? LastFill(string key)
    {
        lock (_lock)
        {
            for (var back = 1; back <= Fills; back++)
            {
                if (_fills[(_nextFill - back) & (Fills - 1)] is not var (filled, fill))
                    return null;
                if (filled == key)
                    return fill;
            }
        }
        return null;
    }

    /// <summary>
    /// The last invalidation of one of these tags, if it is among the last 1024 of the node; of its tags only these.
    /// </summary>
    public KeyDrop? LastDrop(IReadOnlySet<string> tags)
    {
        lock (_lock)
        {
            for (var back = 1; back <= Drops; back++)
            {
                if (_drops[(_nextDrop - back) & (Drops - 1)] is not var (drop, write))
                    return null;
                if (drop.Tags.Any(tags.Contains))
                    return drop with { Tags = [.. drop.Tags.Where(tags.Contains)], Write = write?.DisplayName };
            }
        }
        return null;
    }
}
