using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ECommerce.Caching.CachedMethods;
using ECommerce.Caching.Keys;

namespace ECommerce.Caching;

/// <summary>
/// Turns the known parameters of a list query into the <c>{qhash}</c> of its key: HMAC-SHA256 over the canonical query,
/// keyed with
/// <c>CACHE_KEY_SALT</c> and cut to 128 bits, in hexadecimal digits. Canonical means sorted by name, defaults left out,
/// list values sorted and without repetition, invariant culture.
/// </summary>
public sealed class QueryHash(byte[] salt)
{
    /// <summary>Hashes the parameters that differ from their defaults; order and repetition do not matter.</summary>
    public string Compute(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var canonical = new StringBuilder();
        foreach (var (name, value) in parameters.Distinct().OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal))
        {
            canonical.Append(CultureInfo.InvariantCulture, $"{name.Length}:{name}={value.Length}:{value};");
        }
        return Hash(Encoding.UTF8.GetBytes(canonical.ToString()));
    }

    /// <summary>
    /// Hashes a composite value (a record of filters), as it stands in the keys of <see cref="CachedAttribute"/>: equal
    /// values have one hash, and two different ones do not share any. Members are sorted by name and left out where
    /// they have their type's default; the elements of sets and dictionaries are sorted, those of lists are not.
    /// </summary>
    /// <exception cref="ArgumentException">The value holds something whose state is unknown; the message names its
    /// type.</exception>
    public string ComputeFor<T>(T value) => ComputeFor(value, typeof(T));

    // As it is in memory: UTF-8 would make all halves of surrogate pairs one.
    internal string ComputeFor(object? value, Type declared) =>
        Hash(MemoryMarshal.AsBytes(CanonicalForm.From(value, declared).AsSpan()));

    private string Hash(ReadOnlySpan<byte> canonical)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(salt, canonical, hash);
        return Convert.ToHexStringLower(hash[..16]);
    }
}
