using ECommerce.Caching.Keys;

namespace ECommerce.Caching;

/// <summary>The tags that exist without being declared by a policy.</summary>
public static class CacheTags
{
    /// <summary>The tag of every entry there is.</summary>
    public const string Everything = "*";

    /// <summary>
    /// The most tags one entry may carry, its implied ones included; what needs more takes a coarser tag.
    /// </summary>
    public const int MaximumPerEntry = 128;

    // Tags of combinations begin with it; no key of a policy does.
    private const char Combined = '&';

    /// <exception cref="ArgumentException">The tag is empty or has control characters: messages between nodes part tags
    /// by line ends.</exception>
    internal static string Checked(string tag)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tag);
        return tag.AsSpan().ContainsAnyInRange('\0', '\u001f')
            ? throw new ArgumentException("A tag has no control characters.", nameof(tag)) : tag;
    }

    /// <summary>A tag that an entry is to carry.</summary>
    /// <exception cref="ArgumentException">It is no tag, or a reserved one.</exception>
    internal static string CheckedForEntry(string tag)
    {
        if (Checked(tag) == Everything)
            throw new ArgumentException($"The tag '{Everything}' is reserved: every entry carries it.", nameof(tag));
        return tag[0] != Combined ? tag : throw new ArgumentException(
            $"The tag '{tag}' begins with '{Combined}', which is reserved for combinations of tags.", nameof(tag));
    }

    /// <summary>
    /// The tag of every entry that carries all of several tags, where its policy declares that they are combined. One
    /// tag stands for itself.
    /// </summary>
    internal static string AllOf(IReadOnlyCollection<string> tags)
    {
        string[] distinct = [.. tags.Select(Checked).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return distinct switch
        {
            [] => throw new ArgumentException("There is no tag.", nameof(tags)),
            [var only] => only,
            // Escaped, so that no two combinations share a tag.
            _ => string.Concat(distinct.Select(static tag => Combined + tag
                .Replace("%", "%25", StringComparison.Ordinal).Replace("&", "%26", StringComparison.Ordinal))),
        };
    }

    internal static ArgumentException Undeclared(string where, IReadOnlyCollection<string> tags, string parameter) =>
        new(
            $"{where} the combination of the tags '{string.Join("' and '", tags)}' "
            + $"({nameof(CachePolicy)}.{nameof(CachePolicy.TagCombinations)}).", parameter);

    /// <summary>The tag of every entry of one user of a tenant: those whose pattern has <c>{user_id}</c>.</summary>
    public static string User<T>(string tenant, T user)
        where T : notnull => $"user:{KeyEscaping.Escape(tenant)}:{KeyEscaping.Escape(KeyText.From(user))}";

    /// <summary>The tag of one entity, which what shows it carries too: <c>customer:acme:42</c>.</summary>
    public static string Entity<T>(string entity, string tenant, T id)
        where T : notnull => $"{entity}:{KeyEscaping.Escape(tenant)}:{KeyEscaping.Escape(KeyText.From(id))}";

    /// <summary>The tag of every entry of one tenant.</summary>
    public static string Tenant(string tenant) => OfTenant(KeyEscaping.Escape(tenant));

    /// <summary>The same of one that is escaped.</summary>
    internal static string OfTenant(string tenant) => "tenant:" + tenant;
}
