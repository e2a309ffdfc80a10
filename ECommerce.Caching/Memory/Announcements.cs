using System.Diagnostics;
using ECommerce.Caching.Tags;

namespace ECommerce.Caching.Memory;

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

    /// <summary>Of those that Redis lists; where there are more, each tag counts as announced.</summary>
    public const int MaxRead = 100;

    // Of other nodes: thousands of writes within two seconds.
    private const int Most = 10_000;

    private readonly Dictionary<(string Node, string Id), (TagState[] States, long Until)> _open = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _nextEnd = NewEnd();
    private int _inForce;

    /// <summary>How long a reader waits for the end of one at most; most commits take less.</summary>
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether any is in force.</summary>
    public bool Any => Volatile.Read(ref _inForce) > 0;

    /// <summary>
    /// Returns when none of the tags is announced, at most after <see cref="MaxWait"/>. A reader that went on sooner
    /// would share its run with no other caller and keep nothing: all readers of a key that was just written would
    /// query the source.
    /// </summary>
    public async ValueTask WaitForEndAsync(TagSet held, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.GetTimestamp();
        while (true)
        {
            // Before the look: an end in between completes it.
            var end = Volatile.Read(ref _nextEnd).Task;
            var left = MaxWait - Stopwatch.GetElapsedTime(waited);
            if (!held.IsAnnounced || left <= TimeSpan.Zero)
                return;
            await end.WaitAsync(left, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

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

    /// <summary>Whether announcements, as their writers wrote them, are about one of the tags.</summary>
    public static bool Covers(string[] written, TagSet tags) => written.Length > MaxRead || Array.Exists(
        written, one => one.Split(Separator) is [_, _, .. var names]
            && Array.Exists(names, name => name == CacheTags.Everything || tags.IndexOf(name) >= 0));

    /// <summary>Ends one. What was read until now stays dropped.</summary>
    public void End(string node, string id)
    {
        lock (_lock)
        {
            End_NeedsLock(_open.GetValueOrDefault((node, id)).States ?? []);
            // Remembered for as long as its beginning may come late.
            _open[(node, id)] = ([], Until);
        }
    }

    /// <summary>
    /// Ends one of this node with its commit, before its invalidation has a number. Returns its tags, for
    /// <see cref="Number"/>.
    /// </summary>
    public TagState[] EndUnnumbered(string node, string id)
    {
        lock (_lock)
        {
            var states = _open.GetValueOrDefault((node, id)).States ?? [];
            _open[(node, id)] = ([], Until);
            Ended_NeedsLock(states, tags.EndUnnumbered);
            return states;
        }
    }

    /// <summary>The invalidation of the tags has its number now.</summary>
    public void Number(TagState[] states)
    {
        foreach (var state in states)
            tags.Number(state);
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
                End_NeedsLock(states);
                _open.Remove(key);
            }
        }
    }

    private void Begin_NeedsLock(string node, string id, IReadOnlyCollection<string> names)
    {
        if (_open.ContainsKey((node, id)) || names.Count == 0)
            return;
        _open.Add((node, id), ([.. names.Select(tags.Announce)], Until));
        Volatile.Write(ref _inForce, _inForce + 1);
    }

    private void End_NeedsLock(TagState[] states) => Ended_NeedsLock(states, tags.EndAnnouncement);

    private void Ended_NeedsLock(TagState[] states, Action<TagState> end)
    {
        if (states.Length == 0)
            return;
        foreach (var state in states)
            end(state);
        Volatile.Write(ref _inForce, _inForce - 1);
        Interlocked.Exchange(ref _nextEnd, NewEnd()).TrySetResult();
    }

    private static TaskCompletionSource NewEnd() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private long Until => clock.Now + Milliseconds;
}
