using ECommerce.Caching.Keys;
using ECommerce.Caching.Policies;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Caching;

/// <summary>
/// One row of the key schema: which keys it covers, how long their values live and which layers keep them.
/// A policy is a static of the feature that owns it and is registered once, at start.
/// </summary>
/// <remarks>
/// <see cref="HybridCacheEntryOptions"/> is sealed and cannot carry a policy, so the instance in <see cref="Options"/>
/// gives the policy's lifetimes, recognised by reference. The tags, flag and encryption of an entry follow from its
/// key.
/// </remarks>
public sealed class CachePolicy
{
    internal static readonly TimeSpan MinLifetime = TimeSpan.FromMilliseconds(1);
    internal static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(3650);

    private static readonly TimeSpan MinSliding = TimeSpan.FromSeconds(1);

    private readonly KeyPattern _pattern;
    private readonly double _jitter = 0.1;

    /// <summary>Declares a policy.</summary>
    /// <param name="pattern">Segments parted by colons; a parameter is a whole segment: <c>order:{tenant}:{id}</c>.
    /// <c>{tenant}</c> is required.</param>
    /// <param name="fresh">How long a value is served without question. From 1 ms to 3650 days.</param>
    /// <param name="stale">How long after <paramref name="fresh"/> a value that only ran out of time may still be
    /// served. Zero to 3650 days.</param>
    /// <exception cref="ArgumentException">The pattern is malformed or has no tenant, or a lifetime is out of range;
    /// the message names the pattern.</exception>
    public CachePolicy(string pattern, TimeSpan fresh, TimeSpan stale)
    {
        _pattern = KeyPattern.Parse(pattern);
        if (fresh < MinLifetime || fresh > MaxLifetime)
        {
            throw new ArgumentException(
                $"Cache policy '{pattern}': the fresh time must be from 1 ms to 3650 days, not {fresh}.",
                nameof(fresh));
        }
        if (stale < TimeSpan.Zero || stale > MaxLifetime)
        {
            throw new ArgumentException(
                $"Cache policy '{pattern}': the stale time must be from zero to 3650 days, not {stale}.",
                nameof(stale));
        }
        Fresh = fresh;
        Stale = stale;
        Options = new HybridCacheEntryOptions { Expiration = fresh + stale, LocalCacheExpiration = fresh };
    }

    /// <summary>The pattern as declared; also the policy's name in metrics, logs and configuration.</summary>
    public string Pattern => _pattern.Text;

    /// <summary>How long a value is fresh.</summary>
    public TimeSpan Fresh { get; }

    /// <summary>How long after <see cref="Fresh"/> a value is stale but not yet expired.</summary>
    public TimeSpan Stale { get; }

    /// <summary>
    /// Whether values hold personal data: such values stand in Redis encrypted with <c>CACHE_ENCRYPTION_KEY</c>, or
    /// without a key not at all. Default <see langword="true"/>.
    /// </summary>
    public bool Sensitive { get; init; } = true;

    /// <summary>
    /// Whether a value may be stored; a refused one (the error page of a shop, the empty page of a broken export) is
    /// returned to the waiting callers and stored nowhere, and neither is a response built from it. It is called for
    /// <see langword="null"/> too. Default: all values may.
    /// </summary>
    /// <remarks>Its exceptions reach the callers, like those of a factory.</remarks>
    public Func<object?, bool>? Accept { get; init; }

    /// <summary>
    /// The share of <see cref="Fresh"/> that is taken off at random, so that entries made together do not end together.
    /// From 0 to below 1. Default 0.1.
    /// </summary>
    /// <exception cref="ArgumentException">It is not; the message names the pattern.</exception>
    public double Jitter
    {
        get => _jitter;
        init => _jitter = value is >= 0 and < 1
            ? value
            : throw new ArgumentException(
                FormattableString.Invariant(
                    $"Cache policy '{Pattern}': the jitter must be from 0 to below 1, not {value}."),
                nameof(value));
    }

    /// <summary>
    /// Further tags of every entry, as patterns over the parameters of <see cref="Pattern"/>
    /// (<c>prestashop:*:{tenant}:{shop_id}:*</c>). An entry always carries its own key, <see cref="All{T}"/> of its
    /// tenant, the tenant and everything (<c>*</c>).
    /// </summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>
    /// Sets of two to four tag patterns: the entries that carry a tag of each can be invalidated together
    /// (<see cref="ICacheInvalidator.InvalidateAllOfAsync"/>, <see cref="AllOf"/>). Parameters that
    /// <see cref="Pattern"/> has are those of the key; any other stands for any one segment, as of a tag that the
    /// caller gives or the factory finds (<c>["category:{tenant}:{category}", "brand:{tenant}:{brand}"]</c>). At most
    /// eight. Default none.
    /// </summary>
    /// <remarks>
    /// An entry carries one more tag for each combination of its tags, which counts for
    /// <see cref="CacheTags.MaximumPerEntry"/> and is made when it is stored; reads cost nothing more.
    /// </remarks>
    /// <exception cref="ArgumentException">There are too many, or one is no set of tags; the message names the
    /// pattern.</exception>
    public IReadOnlyList<IReadOnlyList<string>> TagCombinations
    {
        get;
        init => Combinations = TagCombination.Parse(Pattern, field = value);
    }
    = [];

    /// <summary>
    /// The flag that switches this policy off and on (<see cref="ICacheFlags"/>), with others of the same name. Default
    /// none: always on.
    /// </summary>
    public string? Flag { get; init; }

    /// <summary>
    /// How long a run of a factory may take. Then its token is cancelled, the callers wait for one successor, and the
    /// late value is not stored. Default 30 seconds; longer for an external system whose client waits longer.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not more than zero and at most an hour.</exception>
    public TimeSpan Deadline
    {
        get;
        init => field = value > TimeSpan.Zero && value <= TimeSpan.FromHours(1)
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value), value, $"Cache policy '{Pattern}': a deadline is more than zero and at most an hour.");
    }
    = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Sliding expiration: an entry that is not read for this time ends, though its fresh and stale time, which stay
    /// the maximum, are not over. Default none.
    /// </summary>
    /// <remarks>
    /// A read renews the entry in L1 and in Redis, on whatever node it is, once half of the time has passed since it
    /// was stored or renewed; until then a read does nothing more. So an entry ends after half of this time without a
    /// read at the earliest. A response that is served from the cache does not renew the values it shows; it lives for
    /// half of this time at most.
    /// </remarks>
    /// <exception cref="ArgumentException">It is below a second, or not below the sum of fresh and stale time; the
    /// message names the pattern.</exception>
    public TimeSpan? Sliding
    {
        get;
        init => field = value is not { } sliding || (sliding >= MinSliding && sliding < Fresh + Stale)
            ? value
            : throw new ArgumentException(
                $"Cache policy '{Pattern}': the sliding time must be from a second to below the sum of fresh and "
                + $"stale time ({Fresh + Stale}), not {value}.", nameof(value));
    }

    /// <summary>Which callers share one run of a factory. Default <see cref="SingleFlightScope.Cluster"/>.</summary>
    public SingleFlightScope SingleFlight { get; init; } = SingleFlightScope.Cluster;

    /// <summary>
    /// The options instance that carries this policy through the <see cref="HybridCache"/> API. Pass it as it is; a
    /// copy is not the policy.
    /// </summary>
    public HybridCacheEntryOptions Options { get; }

    internal KeyPattern KeyPattern => _pattern;

    internal IReadOnlyList<TagCombination> Combinations { get; private init; } = [];

    /// <summary>
    /// Whether values are results of an application service: the policy was made of a method that is marked
    /// <c>[Cached]</c>.
    /// </summary>
    internal bool IsApplication { get; init; }

    /// <summary>
    /// Builds the key of one entry; every value is percent-escaped, so no two parameter lists share a key.
    /// </summary>
    /// <exception cref="ArgumentException">The number of values is not the number of parameters.</exception>
    public string Key<T>(T value) => _pattern.Format([KeyText.From(value)]);

    /// <inheritdoc cref="Key{T}(T)"/>
    public string Key<T1, T2>(T1 first, T2 second) => _pattern.Format([KeyText.From(first), KeyText.From(second)]);

    /// <inheritdoc cref="Key{T}(T)"/>
    public string Key<T1, T2, T3>(T1 first, T2 second, T3 third) =>
        _pattern.Format([KeyText.From(first), KeyText.From(second), KeyText.From(third)]);

    /// <inheritdoc cref="Key{T}(T)"/>
    public string Key<T1, T2, T3, T4>(T1 first, T2 second, T3 third, T4 fourth) =>
        _pattern.Format([KeyText.From(first), KeyText.From(second), KeyText.From(third), KeyText.From(fourth)]);

    /// <summary>
    /// The tag that names the entries that carry all of several tags. It can be invalidated like any other, by an
    /// outbox too; entries of other policies that declare the same combination carry it as well.
    /// </summary>
    /// <exception cref="ArgumentException">The policy does not declare that these tags are combined
    /// (<see cref="TagCombinations"/>).</exception>
    public string AllOf(params IReadOnlyCollection<string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        return Combinations.Any(one => one.IsOf(tags)) ? CacheTags.AllOf(tags)
            : throw CacheTags.Undeclared($"Cache policy '{Pattern}' does not declare", tags, nameof(tags));
    }

    /// <summary>
    /// The tag that names every entry of one tenant under this policy (<c>orders:list:acme:*</c>); removing it costs
    /// the same however many they are.
    /// </summary>
    public string All<T>(T tenant) => _pattern.TenantTag(KeyText.From(tenant));
}

/// <summary>Which callers share one run of a factory.</summary>
public enum SingleFlightScope
{
    /// <summary>All callers of a key on all nodes, as long as its values may stand in Redis.</summary>
    Cluster,

    /// <summary>All callers of a key in one process.</summary>
    Process,
}
