using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ECommerce.Caching;

/// <summary>
/// Turns the known parameters of a list query into the <c>{qhash}</c> of its key: HMAC-SHA256 over the canonical query, keyed with
/// <c>CACHE_KEY_SALT</c> and cut to 128 bits, in hexadecimal digits. Canonical means sorted by name, defaults left out, list values
/// sorted and without repetition, invariant culture.
/// </summary>
public sealed class QueryHash(byte[] salt)
{
    /// <summary>Hashes the parameters that differ from their defaults; order and repetition do not matter.</summary>
    public string Compute(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var canonical = new StringBuilder();
        foreach (var (name, value) in parameters.Distinct().OrderBy(pair => pair.Key, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal))
            canonical.Append(CultureInfo.InvariantCulture, $"{name.Length}:{name}={value.Length}:{value};");
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(canonical.ToString()), hash);
        return Convert.ToHexStringLower(hash[..16]);
    }
}
