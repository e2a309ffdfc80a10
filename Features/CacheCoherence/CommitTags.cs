using ECommerce.Caching;

namespace ECommerce.Features.CacheCoherence;

/// <summary>
/// The tags that one transaction invalidates. They are announced while its statements run, so that the nodes have
/// acknowledged them by the time it is committed.
/// </summary>
internal sealed class CommitTags(ICacheInvalidator invalidator)
{
    // A write of a few rows announces its tags with its first statement. A batch may take long and drops the lists of
    // its tenant, which would not be cached meanwhile: it announces when it commits.
    private const int MaxAnnouncedEarly = 20;

    private readonly HashSet<string> _tags = new(StringComparer.Ordinal);
    private readonly HashSet<string> _announcedTags = new(StringComparer.Ordinal);
    private readonly List<IAnnouncedInvalidation> _announced = [];

    public IReadOnlyCollection<string> All => _tags;

    public void Add(string tag) => _tags.Add(tag);

    public void Add(IEnumerable<string> tags) => _tags.UnionWith(tags);

    /// <summary>Announces those of the first statement, if they are few.</summary>
    public void AnnounceEarly()
    {
        if (_announced.Count == 0 && _tags.Count <= MaxAnnouncedEarly)
            Announce();
    }

    /// <summary>Announces what is not announced yet.</summary>
    public void Announce()
    {
        string[] added = [.. _tags.Where(_announcedTags.Add)];
        if (added.Length > 0)
            _announced.Add(invalidator.Announce(added));
    }

    /// <summary>
    /// After the commit. Returns whether no node serves any more what was replaced, and whether the invalidations are
    /// applied in the end, which the response does not wait for.
    /// </summary>
    public async Task<(InvalidationOutcome Outcome, Task<bool> IsApplied)> CompleteAsync()
    {
        // In case the commit failed before they were announced.
        Announce();
        IAnnouncedInvalidation[] announced = [.. _announced];
        _announced.Clear();
        var outcomes = await Task.WhenAll(announced.Select(static one => one.CompleteAsync().AsTask()));
        return (AllOf(outcomes), AreAppliedAsync(announced));
    }

    /// <summary>After a rollback.</summary>
    public void Cancel()
    {
        foreach (var invalidation in _announced)
            invalidation.Cancel();
    }

    private static async Task<bool> AreAppliedAsync(IEnumerable<IAnnouncedInvalidation> announced) =>
        AllOf(await Task.WhenAll(announced.Select(static one => one.Completion))) == InvalidationOutcome.Applied;

    private static InvalidationOutcome AllOf(InvalidationOutcome[] outcomes) =>
        Array.TrueForAll(outcomes, static outcome => outcome == InvalidationOutcome.Applied)
            ? InvalidationOutcome.Applied
            : InvalidationOutcome.Deferred;
}
