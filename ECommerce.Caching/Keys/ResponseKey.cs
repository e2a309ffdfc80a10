namespace ECommerce.Caching.Keys;

/// <summary>The key of a cached response: a prefix before the key of the data that it shows.</summary>
internal static class ResponseKey
{
    public const string Prefix = "out:";

    /// <summary>The data key of a response's key; any other key as it is.</summary>
    public static string DataKey(string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) ? key[Prefix.Length..] : key;
}
