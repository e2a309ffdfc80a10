namespace ECommerce.Features.ShopAccess;

/// <summary>How the API key is sent to a shop.</summary>
internal enum ShopAuthMode
{
    /// <summary>As the user of HTTP Basic authentication.</summary>
    Basic,

    /// <summary>As the query parameter <c>ws_key</c>: some hosts remove the Authorization header.</summary>
    QueryKey,
}

/// <summary>The names of the modes in the API and in the database.</summary>
internal static class ShopAuthModes
{
    public const string Basic = "basic";
    public const string QueryKey = "query_key";

    public static ShopAuthMode Parse(string name) => name == QueryKey ? ShopAuthMode.QueryKey : ShopAuthMode.Basic;
}
