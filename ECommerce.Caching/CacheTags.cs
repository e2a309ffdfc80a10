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

    /// <exception cref="ArgumentException">The tag is empty or has control characters: messages between nodes part tags
    /// by line ends.</exception>
    internal static string Checked(string tag)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tag);
        return tag.AsSpan().ContainsAnyInRange('\0', '\u001f')
            ? throw new ArgumentException("A tag has no control characters.", nameof(tag)) : tag;
    }

    /// <summary>A tag that an entry is to carry.</summary>
    /// <exception cref="ArgumentException">It is no tag, or the one that every entry carries anyway.</exception>
    internal static string CheckedForEntry(string tag) => Checked(tag) == Everything
        ? throw new ArgumentException($"The tag '{Everything}' is reserved: every entry carries it.", nameof(tag))
        : tag;

    /// <summary>The tag of every entry of one user of a tenant: those whose pattern has <c>{user_id}</c>.</summary>
    public static string User<T>(string tenant, T user)
        where T : notnull => $"user:{KeyEscaping.Escape(tenant)}:{KeyEscaping.Escape(KeyText.From(user))}";

    /// <summary>The tag of one entity, which what shows it carries too: <c>customer:acme:42</c>.</summary>
    public static string Entity<T>(string entity, string tenant, T id)
        where T : notnull => $"{entity}:{KeyEscaping.Escape(tenant)}:{KeyEscaping.Escape(KeyText.From(id))}";

    /// <summary>The tag of every entry of one tenant.</summary>
    public static string Tenant(string tenant) => "tenant:" + KeyEscaping.Escape(tenant);
}
