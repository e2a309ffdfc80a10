using ECommerce.Caching.Keys;

namespace ECommerce.Caching.Policies;

/// <summary>
/// Whose a key, a tag or a pattern is, by the patterns of the policies. Tenants are escaped as in keys.
/// </summary>
internal sealed class KeyOwnership(PolicyRegistry policies)
{
    private const string TenantParameter = "{tenant}";

    private readonly KeyPattern[] _keys = [.. policies.All.Select(static policy => policy.Keys).OfType<KeyPattern>()];

    private readonly string[] _tags =
    [
        .. policies.All.SelectMany(static policy => policy.TagPatterns)
            .Append("tenant:{tenant}").Append("user:{tenant}:{user_id}")
            .Where(static pattern => pattern.Split(':').Contains(TenantParameter)).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>The tenant of a key, of data or of a response, or of a tag; null if no policy has such a one.</summary>
    public string? TenantOf(string keyOrTag) =>
        TenantOfKey(keyOrTag) ?? (Array.Find(_tags, pattern => KeyPattern.TemplateMatches(pattern, keyOrTag)) is { } tag
            ? keyOrTag.Split(':')[Array.IndexOf(tag.Split(':'), TenantParameter)]
            : null);

    /// <summary>The same of keys only.</summary>
    public string? TenantOfKey(string key) =>
        policies.FindByResponse(ResponseKey.DataKey(key)) is { } found
        && found.Policy.Keys!.TenantIn(found.DataKey) is var tenant && !GlobPattern.IsOne(tenant) ? tenant : null;

    /// <summary>
    /// Whether a pattern can cover keys of other tenants only, and none of this one: <c>order:globex:*</c> for acme.
    /// <c>order:*</c> covers keys of all, and <c>*:7</c> the key of an own entity as well as a tenant of that name.
    /// </summary>
    public bool NamesAnother(string pattern, string tenant)
    {
        var reach = new PatternReach(pattern);
        return !Reaches(reach, tenant) && Reaches(reach, null);
    }

    /// <summary>
    /// A pattern for Redis that covers, of the keys that another pattern covers, at least those of one tenant, and few
    /// others; null: there can be none.
    /// </summary>
    public string? Narrow(string pattern, string tenant)
    {
        var reach = new PatternReach(pattern);
        string[] prefixes =
        [
            .. _keys.Where(keys => Forms(keys, tenant).Any(reach.Includes)).Select(keys => keys.PrefixOf(tenant))
                .Distinct(StringComparer.Ordinal),
        ];
        return prefixes switch
        {
            [] => null,
            // The star at the start: responses have a prefix.
            [var only] => $"*{only}*",
            _ => $"*{CommonStart(prefixes)}*:{tenant}*",
        };
    }

    private bool Reaches(PatternReach reach, string? tenant) =>
        _keys.Any(keys => Forms(keys, tenant).Any(reach.Includes));

    // Of data and of responses, whose keys may go on behind that of their data.
    private static IEnumerable<string> Forms(KeyPattern keys, string? tenant)
    {
        var form = keys.Form(tenant);
        var longer = $"{form}:{PatternReach.Rest}";
        return [form, longer, ResponseKey.Prefix + form, ResponseKey.Prefix + longer];
    }

    // Whole segments only: the tenant may follow at once.
    private static string CommonStart(string[] texts)
    {
        var start = texts[0];
        foreach (var text in texts)
            start = start[..start.AsSpan().CommonPrefixLength(text)];
        return start.LastIndexOf(':') is >= 0 and var colon ? start[..colon] : start;
    }
}
