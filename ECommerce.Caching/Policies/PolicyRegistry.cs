using System.Collections.Frozen;
using ECommerce.Caching.Keys;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Caching.Policies;

/// <summary>
/// The policies of one cache, found by the options instance that stands for them and by the pattern of a key.
/// </summary>
internal sealed class PolicyRegistry
{
    /// <summary>The name of the policy of what has only options.</summary>
    public const string None = "(none)";

    private readonly FrozenDictionary<HybridCacheEntryOptions, PolicyState> _byOptions;
    private readonly FrozenDictionary<string, (KeyPattern Keys, PolicyState State)[]> _byFirstSegment;
    private readonly PolicyState _default;
    private readonly Dictionary<string, CacheFlag> _flags = new(StringComparer.Ordinal);
    private readonly TimeSpan _longest;

    public PolicyRegistry(IEnumerable<CachePolicy> policies, CacheSettings settings)
    {
        var byOptions = new Dictionary<HybridCacheEntryOptions, PolicyState>(ReferenceEqualityComparer.Instance);
        var byPattern = new Dictionary<string, (KeyPattern Keys, PolicyState State)>(StringComparer.Ordinal);
        foreach (var policy in policies)
        {
            var state = new PolicyState(
                policy.Pattern, policy.KeyPattern,
                settings.FreshOverride(policy.Pattern) ?? policy.Fresh, settings.StaleOverride(policy.Pattern)
                    ?? policy.Stale,
                policy.Sensitive, policy.Jitter, policy.Tags, policy.Accept, policy.SingleFlight)
            {
                IsApplication = policy.IsApplication,
                Deadline = policy.Deadline,
                Combinations = policy.Combinations,
                Sliding = policy.Sliding ?? TimeSpan.Zero,
                Flag = policy.Flag is { } flag ? FlagOf(flag, settings) : null,
            };
            foreach (var tag in policy.Tags)
            {
                if (policy.KeyPattern.UnknownParameters(tag).FirstOrDefault() is { } unknown)
                {
                    throw new InvalidOperationException(
                        $"Cache policy '{policy.Pattern}': its tag '{tag}' uses {unknown}, which the pattern does "
                        + "not have.");
                }
            }
            if (!byPattern.TryAdd(policy.Pattern, (policy.KeyPattern, state)))
                throw new InvalidOperationException($"Two cache policies have the pattern '{policy.Pattern}'.");
            byOptions.Add(policy.Options, state);
        }
        _byOptions = byOptions.ToFrozenDictionary(
            ReferenceEqualityComparer.Instance as IEqualityComparer<HybridCacheEntryOptions>);
        _byFirstSegment = byPattern.Values.GroupBy(row => row.Keys.Text.Split(':')[0])
            .ToFrozenDictionary(group => group.Key, group => group.ToArray());
        _default = new PolicyState(
            None, null, settings.DefaultTtl, settings.StaleTtl, sensitive: true, jitter: 0.1, [])
            .With(settings.DefaultEntryOptions);
        All = [.. byOptions.Values, _default];
        _longest = byOptions.Values.Append(_default).Max(state => state.Fresh + state.Stale);
        Owners = new KeyOwnership(this);
    }

    /// <summary>Whose keys, tags and patterns are.</summary>
    public KeyOwnership Owners { get; }

    /// <summary>The keys that a pattern covers, of one tenant, whose name is escaped as in keys, or of all.</summary>
    public KeyScope Scope(string pattern, string? tenant = null) => new(pattern, tenant, Owners);

    /// <summary>The declared policies, and the one for what has none.</summary>
    public IReadOnlyList<PolicyState> All { get; }

    /// <summary>The flags the policies name.</summary>
    public IReadOnlyCollection<CacheFlag> Flags => _flags.Values;

    private CacheFlag FlagOf(string name, CacheSettings settings)
    {
        if (!_flags.TryGetValue(name, out var flag))
            _flags[name] = flag = new CacheFlag(name, settings.FlagDefault(name));
        return flag;
    }

    /// <summary>The longest life of any entry.</summary>
    public TimeSpan MaxLifetime => _longest;

    /// <summary>Versions in Redis live twice as long as any entry that is stamped with them.</summary>
    public TimeSpan VersionLifetime => 2 * _longest;

    public IEnumerable<string> SensitivePatterns =>
        _byOptions.Values.Where(state => state.Sensitive).Select(state => state.Pattern).Order(StringComparer.Ordinal);

    /// <summary>
    /// The policy of a call: that of the key, whatever the options, so that no entry escapes the invalidations, the
    /// flag and the encryption of its key. The options give only lifetimes.
    /// </summary>
    /// <returns>Null when the options are those of a policy and the key is not of its pattern: the entry would lack
    /// the tags that the policy promises.</returns>
    public PolicyState? Find(string key, HybridCacheEntryOptions? options)
    {
        if (options is not null && _byOptions.TryGetValue(options, out var named))
            return named.Covers(key) ? named : null;
        return (FindDeclared(key) ?? _default).With(options);
    }

    private PolicyState? FindDeclared(string key)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && _byFirstSegment.TryGetValue(key[..colon], out var rows)
            ? Array.Find(rows, row => row.Keys.Matches(key)).State
            : null;
    }

    /// <summary>The policy a key falls under, of data or of a response, and the key of the data.</summary>
    public (PolicyState Policy, string DataKey)? FindByKey(string key)
    {
        var dataKey = ResponseKey.DataKey(key);
        // Only a response's key may go on behind that of its data.
        return FindByResponse(dataKey) is { } found && (dataKey.Length < key.Length || found.DataKey == key) ? found
            : null;
    }

    /// <summary>
    /// Whether a pattern is a tag, which drops all it covers at once: everything, or what a policy's entries of one
    /// tenant carry.
    /// </summary>
    public bool IsTag(string pattern) =>
        pattern == CacheTags.Everything || _byOptions.Values.Any(state => state.CarriesTagLike(pattern));

    /// <summary>The tag that stands for entries that carry all of several tags.</summary>
    /// <exception cref="ArgumentException">No policy declares that these are combined.</exception>
    public string AllOf(IReadOnlyCollection<string> tags)
    {
        string[] distinct = [.. tags.Distinct(StringComparer.Ordinal)];
        return distinct.Length == 1 || _byOptions.Values.Any(state => state.Combinations.Any(one => one.IsOf(distinct)))
            ? CacheTags.AllOf(distinct)
            : throw CacheTags.Undeclared("No cache policy declares", distinct, nameof(tags));
    }

    /// <summary>
    /// The policy a response falls under, and the key of the data it shows: its own key may go on behind that with what
    /// else bodies differ by (<c>carriers:acme:5</c> one row of <c>carriers:acme</c>, or a role).
    /// </summary>
    public (PolicyState Policy, string DataKey)? FindByResponse(string key)
    {
        var colon = key.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !_byFirstSegment.TryGetValue(key[..colon], out var rows))
            return null;
        for (var end = key.Length; end > colon; end = key.LastIndexOf(':', end - 1))
        {
            var candidate = key[..end];
            foreach (var (keys, state) in rows)
            {
                if (keys.Matches(candidate))
                    return (state, candidate);
            }
        }
        return null;
    }
}
