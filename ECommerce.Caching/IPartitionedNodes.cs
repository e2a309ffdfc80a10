namespace ECommerce.Caching;

/// <summary>
/// Where a node that does not hear the others says so: in the database that the writes go to, because that is what it and the writers still share. Optional;
/// without one, a write is not held back by a node that is cut off from Redis alone, and may be hidden by it for two seconds.
/// </summary>
/// <remarks>
/// Whoever commits must look there after the commit and before the answer, and say that the invalidation is deferred if some node is there.
/// </remarks>
public interface IPartitionedNodes
{
    /// <summary>Returns when every writer who commits from now on will find the node, for the given period; none takes the word back.</summary>
    Task AnnounceAsync(string node, TimeSpan period, CancellationToken cancellationToken = default);
}
