namespace ECommerce.Caching.CachedMethods;

/// <summary>The policies of methods that are marked <see cref="CachedAttribute"/>.</summary>
public static class CachedPolicies
{
    /// <summary>
    /// The policy of one method: its keys are <c>policy.Key(…)</c> of the arguments, a composite one by its
    /// <see cref="QueryHash.ComputeFor{T}"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The method cannot be cached; the message names it and what is
    /// wrong.</exception>
    /// <exception cref="ArgumentException">The interface has no marked method of that name, or several.</exception>
    public static CachePolicy From<TService>(string method)
        where TService : class
    {
        CachedMethod[] named =
            [.. CachedService.From(typeof(TService)).Methods.Where(cached => cached.Method.Name == method)];
        return named.Length == 1
            ? named[0].Policy
            : throw new ArgumentException(
                $"{typeof(TService).Name} has {named.Length} methods '{method}' that are marked [Cached], not one.",
                nameof(method));
    }
}
