namespace ECommerce.Caching;

/// <summary>The tags that exist without being declared by a policy.</summary>
public static class CacheTags
{
    /// <summary>The tag of every entry there is.</summary>
    public const string Everything = "*";

    /// <summary>The most tags one entry may carry, its implied ones included; what needs more takes a coarser tag.</summary>
    public const int MaximumPerEntry = 16;

    /// <summary>The tag of every entry of one tenant.</summary>
    public static string Tenant(string tenant) => "tenant:" + KeyEscaping.Escape(tenant);
}
