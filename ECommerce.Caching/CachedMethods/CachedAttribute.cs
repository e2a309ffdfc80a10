namespace ECommerce.Caching.CachedMethods;

/// <summary>
/// Caches the results of a method of an application service's interface, which is registered with
/// <see cref="CachedServiceExtensions.AddCached{TService, TImplementation}"/>. The method returns
/// <see cref="Task{TResult}"/> or <see cref="ValueTask{TResult}"/>; <see langword="null"/> is a result too.
/// </summary>
/// <remarks>
/// Each placeholder of the pattern is a parameter by its name, and each parameter but the
/// <see cref="CancellationToken"/> is a placeholder: what the key does not name would share one value between different
/// arguments. Simple values stand in the key as they are, escaped; records and collections as their hash
/// (<see cref="QueryHash.ComputeFor{T}"/>). The method is a <see cref="CachePolicy"/> like those of the key schema.
/// </remarks>
/// <param name="pattern">As in <see cref="CachePolicy(string, TimeSpan, TimeSpan)"/>:
/// <c>statistics:{tenant}:{name}:{qhash}</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CachedAttribute(string pattern) : Attribute
{
    /// <summary>The pattern of the keys.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>How long a result is fresh, in seconds. Greater than zero; default 300.</summary>
    public int Ttl { get; set; } = 300;

    /// <summary>
    /// How long after that a result may be served while it is made anew behind the request, in seconds. Zero or more;
    /// default 900.
    /// </summary>
    public int StaleTtl { get; set; } = 900;

    /// <summary>
    /// As <see cref="CachePolicy.Sliding"/>, in seconds: a result that is not read for this time ends. Default 0: it
    /// ends after its fresh and stale time only.
    /// </summary>
    public int Sliding { get; set; }

    /// <summary>As <see cref="CachePolicy.Deadline"/>, in seconds. From 1 to 3600; default 30.</summary>
    public int Deadline { get; set; } = 30;

    /// <inheritdoc cref="CachePolicy.SingleFlight"/>
    public SingleFlightScope SingleFlight { get; set; } = SingleFlightScope.Cluster;

    /// <inheritdoc cref="CachePolicy.Sensitive"/>
    public bool Sensitive { get; set; } = true;

    /// <summary>
    /// What the results depend on besides, as <see cref="CachePolicy.Tags"/>: patterns over the same parameters.
    /// Default: nothing.
    /// </summary>
    public string[] Tags { get; set; } = [];
}
