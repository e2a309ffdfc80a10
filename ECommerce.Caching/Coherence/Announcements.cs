using ECommerce.Caching.Memory;
using ECommerce.Caching.Tags;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// The invalidations that this node and others have announced and not completed: meanwhile nothing that carries one of
/// their tags is served or stored here, because it may have been read before a commit that is under way. One that is
/// not completed, because its writer has crashed, ends after two seconds.
/// </summary>
internal sealed class Announcements(TagTable tags, CacheClock clock)
{
    /// <summary>How long one lasts at most, in ms.</summary>
    public const int Milliseconds = 2000;

    /// <summary>More tags are not announced.</summary>
    public const int MaxTags = 100;

    /// <summary>Between the parts of one in the heartbeat of a node that joins; no tag has it.</summary>
    public const char Separator = '\t';

    // Of other nodes: thousands of writes within two seconds.
    private const int Most = 10_000;

    private readonly Dictionary<(string Node, string Id), (TagState[] States, long Until)> _open = [];
    private readonly Lock _lock = new();

    /// <summary>
    /// An announcement begins, unless it has ended already: messages may be handled in another order than they were
    /// sent. False if there are too many: it is not in force.
    /// </summary>
    public bool TryBegin(string node, string id, IReadOnlyCollection<string> names)
    {
        lock (_lock)
        {
            if ((_open.Count >= Most && !_open.ContainsKey((node, id))) || names.Count > MaxTags)
                return false;
            Begin_NeedsLock(node, id, names);
            return true;
        }
    }

    /// <summary>
    /// The same for one of the few that were under way when this node joined, as its writer wrote it.
    /// </summary>
    public void Begin(string written, string except)
    {
        if (written.Split(Separator, MaxTags + 3) is not [var node, var id, .. var names] || node == except)
            return;
        lock (_lock)
            Begin_NeedsLock(node, id, names.Length > MaxTags ? [CacheTags.Everything] : names);
    }

    /// <summary>Ends one. What was read until now stays dropped.</summary>
    public void End(string node, string id)
    {
        lock (_lock)
        {
            foreach (var state in _open.GetValueOrDefault((node, id)).States ?? [])
                tags.EndAnnouncement(state);
            // Remembered for as long as its beginning may come late.
            _open[(node, id)] = ([], Until);
        }
    }

    /// <summary>Ends those that were not completed, and forgets those that were.</summary>
    public void EndOverdue()
    {
        lock (_lock)
        {
            foreach (var (key, (states, until)) in _open)
            {
                if (clock.Now < until)
                    continue;
                foreach (var state in states)
                    tags.EndAnnouncement(state);
                _open.Remove(key);
            }
        }
    }

    private void Begin_NeedsLock(string node, string id, IReadOnlyCollection<string> names)
    {
        if (!_open.ContainsKey((node, id)))
            _open.Add((node, id), ([.. names.Select(tags.Announce)], Until));
    }

    private long Until => clock.Now + Milliseconds;
}
