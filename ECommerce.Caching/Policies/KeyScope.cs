using ECommerce.Caching.Keys;

namespace ECommerce.Caching.Policies;

/// <summary>What a listing or a sweep is about: the keys that a pattern covers, of one tenant or of all.</summary>
internal sealed class KeyScope
{
    private readonly GlobPattern _glob;
    private readonly KeyOwnership _owners;

    public KeyScope(string pattern, string? tenant, KeyOwnership owners)
    {
        (Pattern, Tenant, _owners, _glob) = (pattern, tenant, owners, new GlobPattern(pattern));
        var inBytes = GlobPattern.InBytes(pattern);
        // One search for data and responses, which have a prefix; what it finds beside them is left out.
        Match = tenant is not null ? owners.Narrow(pattern, tenant) : inBytes.StartsWith('*') ? inBytes : "*" + inBytes;
    }

    public string Pattern { get; }

    /// <summary>Escaped as in keys; null: all tenants.</summary>
    public string? Tenant { get; }

    /// <summary>
    /// What Redis is asked for: it covers what the scope covers, and maybe more. Null: the scope covers nothing.
    /// </summary>
    public string? Match { get; }

    /// <summary>Whether a key, of data or of a response, is covered.</summary>
    public bool Covers(string key) =>
        (_glob.Matches(ResponseKey.DataKey(key)) || _glob.Matches(key))
        && (Tenant is null || _owners.TenantOfKey(key) == Tenant);
}
