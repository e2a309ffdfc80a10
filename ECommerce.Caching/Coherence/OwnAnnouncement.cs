using ECommerce.Caching.Memory;
using ECommerce.Caching.Tags;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// An announcement of this node. Where every node has acknowledged it, it ends here with the commit, and not with the
/// invalidation after it: the writer's own node knows that what it reads from then on is new. That does not hold for
/// entries in Redis: a node that knew the number of the announcement, and had not received its message yet, may have
/// stored under that number what it read before the commit. Until the invalidation has its own number, which such an
/// entry is older than, the node takes nothing of the tags from Redis.
/// </summary>
internal sealed class OwnAnnouncement(Backplane backplane, Announcements announcements)
{
    private readonly Lock _lock = new();
    private TagState[] _unnumbered = [];
    private volatile bool _hasEndedHere;

    public string Id { get; } = backplane.NewId();

    /// <summary>Whether it has ended here before the invalidation had its number.</summary>
    public bool HasEndedHere => _hasEndedHere;

    public void EndHere()
    {
        // End may be called at the same time, by the invalidation.
        lock (_lock)
        {
            _unnumbered = announcements.EndUnnumbered(backplane.Node, Id);
            _hasEndedHere = true;
        }
    }

    /// <summary>The invalidation has its number here, or its tags were dropped for want of one.</summary>
    public void End()
    {
        lock (_lock)
        {
            announcements.End(backplane.Node, Id);
            announcements.Number(_unnumbered);
            _unnumbered = [];
        }
    }
}
