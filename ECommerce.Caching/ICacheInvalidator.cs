using ECommerce.Caching.Coherence;

namespace ECommerce.Caching;

/// <summary>
/// Drops cached data and responses on all nodes. What changes data in the database calls it after the commit, before it
/// responds.
/// </summary>
public interface ICacheInvalidator
{
    /// <summary>
    /// Makes everything that carries one of the tags unusable, on every node. A key is a tag of its own entry, and
    /// <see cref="CachePolicy.All{T}"/> one of every entry of a tenant under a policy.
    /// </summary>
    /// <remarks>
    /// Never fails because of Redis: the invalidation is in force on this node at once and pending for the others.
    /// </remarks>
    /// <returns>Whether every other node is known to have it.</returns>
    ValueTask<InvalidationOutcome> InvalidateAsync(
        IReadOnlyCollection<string> tags, CancellationToken cancellationToken = default);

    /// <summary>
    /// Announces an invalidation right before a commit, so that the nodes acknowledge it while the database commits:
    /// until it is completed, or for two seconds, no node serves or stores anything that carries one of the tags.
    /// Without an announcement the nodes can be asked only after the commit.
    /// </summary>
    /// <remarks>Returns at once, and never fails because of Redis.</remarks>
    IAnnouncedInvalidation Announce(IReadOnlyCollection<string> tags) => new UnannouncedInvalidation(this, tags);

    /// <summary>
    /// Makes unusable, on every node, what carries all of the tags, at the cost of one tag. Only entries of policies
    /// that declare the combination (<see cref="CachePolicy.TagCombinations"/>) are known by it, and responses that
    /// show them.
    /// </summary>
    /// <exception cref="ArgumentException">There is no tag, or no policy declares the combination.</exception>
    ValueTask<InvalidationOutcome> InvalidateAllOfAsync(
        IReadOnlyCollection<string> tags, CancellationToken cancellationToken = default) =>
        InvalidateAsync([CacheTags.AllOf(tags)], cancellationToken);

    /// <summary>
    /// Drops what a pattern covers. A pattern of the key schema (<c>orders:list:acme:*</c>) and a plain key are tags
    /// and cost the same however many entries they cover; a free one (<c>*</c>, <c>?</c>, <c>[…]</c> as Redis reads
    /// them) is looked for, in pages, in the memory of every node and in Redis. Of other programs' keys in the same
    /// Redis none is touched.
    /// </summary>
    /// <remarks>Without Redis a free pattern drops everything, since the keys it covers there are unknown.</remarks>
    /// <exception cref="ArgumentException">The pattern is empty or has control characters.</exception>
    ValueTask<InvalidationOutcome> InvalidatePatternAsync(
        string pattern, CancellationToken cancellationToken = default);
}

/// <summary>
/// An invalidation that was announced before its commit (<see cref="ICacheInvalidator.Announce"/>). It is completed
/// after the commit, also where the outcome of that is unknown, and cancelled if there was none.
/// </summary>
public interface IAnnouncedInvalidation
{
    /// <summary>
    /// After the commit: invalidates, and returns as soon as no node serves or stores what was read
    /// before. That is when every node has acknowledged the announcement or the invalidation, whichever comes first.
    /// </summary>
    /// <returns>As of <see cref="ICacheInvalidator.InvalidateAsync"/>.</returns>
    ValueTask<InvalidationOutcome> CompleteAsync();

    /// <summary>
    /// Completes when the invalidation itself is in force in Redis and on every node, or is pending. It never fails.
    /// Before <see cref="CompleteAsync"/> it is completed and means nothing.
    /// </summary>
    Task<InvalidationOutcome> Completion { get; }

    /// <summary>Nothing was committed: what was announced may be stored again. Does not wait.</summary>
    void Cancel();
}

/// <summary>How far an invalidation got before the call returned.</summary>
public enum InvalidationOutcome
{
    /// <summary>It is in force.</summary>
    Applied,

    /// <summary>It is in force on this node; the others take it over when they can be reached, or stop trusting their
    /// memory within two seconds; where this node is the partitioned one, as soon as it has published or, with an
    /// <see cref="IInvalidationLog"/>, another node has found it in the log.</summary>
    Deferred,
}
