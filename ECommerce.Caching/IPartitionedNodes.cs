namespace ECommerce.Caching;

/// <summary>
/// Where a node that does not receive messages announces itself: in the database of the writes, which it still shares
/// with the writers. Optional; without one, a write does not consider a node that is partitioned from Redis alone,
/// which may hide it for two seconds.
/// </summary>
/// <remarks>
/// A writer must look there after the commit and before the response, and report the invalidation as deferred if a node
/// is announced.
/// </remarks>
public interface IPartitionedNodes
{
    /// <summary>
    /// The time after which every commit finds an announcement; the node serves only what it reads later. Zero where
    /// writers look after each commit, more where they use a look of a little earlier.
    /// </summary>
    TimeSpan VisibleAfter => TimeSpan.Zero;

    /// <summary>
    /// Returns when the node is announced, for the given period; zero withdraws the announcement.
    /// </summary>
    Task AnnounceAsync(string node, TimeSpan period, CancellationToken cancellationToken = default);
}
