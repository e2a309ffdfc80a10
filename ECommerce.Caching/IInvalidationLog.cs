namespace ECommerce.Caching;

/// <summary>
/// The invalidations of committed writes, kept in the database the writes went to. Optional: without one, what Redis
/// has forgotten can only be met by trusting nothing it still has.
/// </summary>
public interface IInvalidationLog
{
    /// <summary>How far back the log reaches: an invalidation that was applied longer ago may be gone.</summary>
    TimeSpan Reach { get; }

    /// <summary>
    /// The tags of all invalidations that were applied within the last <paramref name="period"/>, and of all that are
    /// not applied yet; each tag once. To invalidate them again does no harm.
    /// </summary>
    Task<IReadOnlyCollection<string>> RecentAsync(TimeSpan period, CancellationToken cancellationToken = default);

    /// <summary>How many invalidations are committed and were not applied in time.</summary>
    Task<int> CountPendingAsync(CancellationToken cancellationToken = default);
}
