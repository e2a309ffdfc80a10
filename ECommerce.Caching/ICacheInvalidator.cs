namespace ECommerce.Caching;

/// <summary>Drops cached data and responses on all nodes. What changes data in the database calls it after the commit, before it answers.</summary>
public interface ICacheInvalidator
{
    /// <summary>
    /// Makes everything that carries one of the tags unusable, on every node. A key is a tag of its own entry, and
    /// <see cref="CachePolicy.All{T}"/> one of every entry of a tenant under a policy.
    /// </summary>
    /// <remarks>Never fails because Redis is away: the invalidation holds on this node at once and is kept for the others.</remarks>
    /// <returns>Whether every other node is known to have it.</returns>
    ValueTask<InvalidationOutcome> InvalidateAsync(IReadOnlyCollection<string> tags, CancellationToken cancellationToken = default);
}

/// <summary>How far an invalidation got before the call returned.</summary>
public enum InvalidationOutcome
{
    /// <summary>It is in force.</summary>
    Applied,

    /// <summary>It is in force on this node; the others take it over when they can be reached, or stop trusting their memory within two seconds.</summary>
    Deferred,
}
