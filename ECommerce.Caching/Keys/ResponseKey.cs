using System.Globalization;

namespace ECommerce.Caching.Keys;

/// <summary>The key of a cached response: a prefix before the key of the data that it shows.</summary>
internal static class ResponseKey
{
    public const string Prefix = "out:";

    // No key contains it.
    private const char BeforeMoment = '\u001d';

    /// <summary>
    /// The key as the output-cache middleware gets it. The middleware lets a request take the result of a look-up that
    /// another request has begun for the same key; with the node's moment at its arrival in it, a request that arrives
    /// after an invalidation never takes one from before it.
    /// </summary>
    public static string ForMiddleware(string dataKey, long arrived) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{dataKey}{BeforeMoment}{arrived}");

    /// <summary>The key of the response in that.</summary>
    public static ReadOnlySpan<char> OfMiddleware(ReadOnlySpan<char> prefix) =>
        prefix.IndexOf(BeforeMoment) is var end and >= 0 ? prefix[..end] : prefix;

    /// <summary>The data key of a response's key; any other key as it is.</summary>
    public static string DataKey(string key) =>
        key.StartsWith(Prefix, StringComparison.Ordinal) ? key[Prefix.Length..] : key;
}
