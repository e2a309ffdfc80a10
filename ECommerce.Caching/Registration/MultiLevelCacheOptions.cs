using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Caching.Registration;

/// <summary>
/// What an application sets in code when it registers a cache, named as in <c>HybridCacheOptions</c>. A <c>CACHE_*</c>
/// variable for the same thing wins.
/// </summary>
public sealed class MultiLevelCacheOptions
{
    private const long MaxPayload = 512L * 1024 * 1024;
    private const int LongestKey = 65_536;

    /// <summary>
    /// What applies where the options of a call leave something out: the flags to every call, the lifetimes to keys
    /// without a policy. Those of a policy are its own. Default none: <c>CACHE_DEFAULT_TTL</c>.
    /// </summary>
    public HybridCacheEntryOptions? DefaultEntryOptions { get; set; }

    /// <summary>
    /// How many bytes a serialised value may have; a larger one goes to its callers and is not stored. From 1 to 512
    /// MiB. Default 1 MiB (<c>CACHE_MAX_VALUE_SIZE</c>).
    /// </summary>
    public long MaximumPayloadBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// How many characters a key may have; under a longer one nothing is stored. From 1 to 65,536. Default 1024.
    /// </summary>
    public int MaximumKeyLength { get; set; } = 1024;

    /// <summary>Whether values are stored in Redis as they are. Default: compressed from 4 KiB on.</summary>
    public bool DisableCompression { get; set; }

    internal void Validate()
    {
        if (MaximumPayloadBytes is < 1 or > MaxPayload)
            throw Outside(nameof(MaximumPayloadBytes), MaximumPayloadBytes, MaxPayload);
        if (MaximumKeyLength is < 1 or > LongestKey)
            throw Outside(nameof(MaximumKeyLength), MaximumKeyLength, LongestKey);
        if (DefaultEntryOptions is { Expiration: { } expiration } && !IsLifetime(expiration)
            || DefaultEntryOptions is { LocalCacheExpiration: { } local } && !IsLifetime(local))
        {
            throw new ArgumentException(
                $"{nameof(MultiLevelCacheOptions)}.{nameof(DefaultEntryOptions)}: "
                + "a lifetime is from 1 ms to 3650 days.");
        }
    }

    private static bool IsLifetime(TimeSpan time) =>
        time >= CachePolicy.MinLifetime && time <= CachePolicy.MaxLifetime;

    private static ArgumentException Outside(string name, long value, long most) =>
        new(FormattableString.Invariant($"{nameof(MultiLevelCacheOptions)}.{name} is from 1 to {most}, not {value}."));
}
