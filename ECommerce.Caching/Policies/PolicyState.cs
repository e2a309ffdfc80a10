using ECommerce.Caching.Keys;
using ECommerce.Caching.Tags;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Caching.Policies;

/// <summary>A policy as one cache applies it: its settings may override the declared lifetimes.</summary>
internal sealed class PolicyState(
    string pattern, KeyPattern? keys, TimeSpan fresh, TimeSpan stale, bool sensitive, double jitter,
    IReadOnlyList<string> tagPatterns,
    Func<object?, bool>? accept = null, SingleFlightScope singleFlight = SingleFlightScope.Cluster)
{
    private double _jitter = jitter;
    private readonly TagTemplate[] _tagTemplates = keys?.Templates(tagPatterns) ?? [];

    /// <summary>The name in metrics and logs.</summary>
    public string Pattern { get; } = pattern;

    public TimeSpan Fresh { get; private set; } = fresh;
    public TimeSpan Stale { get; private set; } = stale;

    /// <summary>How long L1 keeps an entry at most; null: as long as it lives.</summary>
    public TimeSpan? MemoryLimit { get; private set; }
    public bool Sensitive { get; } = sensitive;
    public SingleFlightScope SingleFlight { get; } = singleFlight;

    /// <summary>Whether its hits and misses count for the layer application, wherever the values stood.</summary>
    public bool IsApplication { get; init; }

    /// <summary>What switches it off, if anything does.</summary>
    public CacheFlag? Flag { get; init; }

    /// <summary>How long a run of a factory may take.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how long without a read an entry ends. Zero: not before its lifetimes end.</summary>
    public TimeSpan Sliding { get; init; }

    /// <summary>Which tags can be invalidated together.</summary>
    public IReadOnlyList<TagCombination> Combinations { get; init; } = [];

    /// <summary>Whether it is switched off: neither read nor stored.</summary>
    public bool IsOff => Flag is { IsOn: false };

    /// <summary>One for all that share the pattern.</summary>
    public PolicyCounters Counters { get; init; } = new();

    /// <summary>The pattern of its keys; null: it has none.</summary>
    public KeyPattern? Keys => keys;

    /// <summary>The patterns of the tags that name entries of one tenant, and which are not keys.</summary>
    public IEnumerable<string> TagPatterns => keys is null ? [] : tagPatterns.Prepend(keys.TenantTagPattern);

    /// <summary>Whether it is a row of the key schema. What has only options has no place in Redis.</summary>
    public bool IsDeclared => keys is not null;

    public KeyValuePair<string, object?> MetricTag { get; } = new("key_pattern", pattern);

    /// <summary>Whether a value may be kept.</summary>
    public bool Accepts<T>(T value) => accept is null || accept(value);

    /// <summary>The fresh time with its jitter taken off, so that entries made together do not end together.</summary>
    public TimeSpan NextFresh()
    {
        if (_jitter <= 0)
            return Fresh;
        var fresh = Fresh * (1 - (Random.Shared.NextDouble() * _jitter));
        return fresh < CachePolicy.MinLifetime ? CachePolicy.MinLifetime : fresh;
    }

    /// <summary>Whether a key is one of this policy's pattern.</summary>
    public bool Covers(string key) => keys is not null && keys.Matches(key);

    /// <summary>
    /// This policy with the lifetimes that a call's options give. Everything else follows from the key: with its tags,
    /// flag and sensitivity an entry is invalidated, switched off and encrypted whatever the options. An expiration
    /// replaces the default's limit in memory too.
    /// </summary>
    public PolicyState With(HybridCacheEntryOptions? options)
    {
        if (options is not { Expiration: not null } and not { LocalCacheExpiration: not null })
            return this;
        var copy = (PolicyState)MemberwiseClone();
        if (options.Expiration is { } expiration)
            (copy.Fresh, copy.Stale, copy._jitter, copy.MemoryLimit) = (expiration, TimeSpan.Zero, 0, null);
        copy.MemoryLimit = options.LocalCacheExpiration ?? copy.MemoryLimit;
        return copy;
    }

    /// <summary>
    /// Adds the tags that stand for the declared combinations among those an entry carries. More than an entry may
    /// carry are not counted to their end: it is not stored then.
    /// </summary>
    /// <returns>Whether there were some that it did not carry yet.</returns>
    public bool Combine(string key, TagSet carried)
    {
        if (Combinations.Count == 0 || !Covers(key))
            return false;
        var before = carried.Count;
        string[] names = [.. Enumerable.Range(0, before).Select(i => carried[i].State.Name)];
        foreach (var combination in Combinations)
        {
            foreach (var tag in combination.TagsFor(keys!, key, names))
            {
                carried.Add(tag);
                if (carried.Count > CacheTags.MaximumPerEntry)
                    return true;
            }
        }
        return carried.Count > before;
    }

    /// <summary>Whether a text has the form of a tag that entries of this policy carry for one tenant.</summary>
    public bool CarriesTagLike(string text) => keys is not null
        && (keys.TenantTagMatches(text) || tagPatterns.Any(pattern => KeyPattern.TemplateMatches(pattern, text)));

    /// <summary>
    /// The tags every entry under a key carries: the key itself, what the key's segments imply, and everything.
    /// </summary>
    public string[] TagsOf(string key)
    {
        if (keys is null)
            return [key, CacheTags.Everything];
        Span<Range> segments = stackalloc Range[keys.SegmentCount + 1];
        if (!keys.TryMatch(key, segments))
            return [key, CacheTags.Everything];
        var tags = new string[_tagTemplates.Length + 2];
        tags[0] = key;
        for (var i = 0; i < _tagTemplates.Length; i++)
            tags[i + 1] = _tagTemplates[i].Fill(key, segments);
        tags[^1] = CacheTags.Everything;
        return tags;
    }
}
