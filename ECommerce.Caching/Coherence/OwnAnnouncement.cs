using ECommerce.Caching.Memory;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// An announcement of this node. Where every node has acknowledged it, it ends here with the commit, and not with the
/// invalidation after it: the writer's own node knows that what it reads from then on is new.
/// </summary>
internal sealed class OwnAnnouncement(Backplane backplane, Announcements announcements)
{
    private volatile bool _hasEndedHere;

    public string Id { get; } = backplane.NewId();

    /// <summary>Whether it has ended here before the invalidation had its number.</summary>
    public bool HasEndedHere => _hasEndedHere;

    public void EndHere()
    {
        End();
        _hasEndedHere = true;
    }

    public void End() => announcements.End(backplane.Node, Id);
}
