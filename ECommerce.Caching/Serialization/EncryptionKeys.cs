using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace ECommerce.Caching.Serialization;

/// <summary>The keys of <c>CACHE_ENCRYPTION_KEY</c>: the first one writes, all of them read.</summary>
internal sealed class EncryptionKeys
{
    public const string SettingName = "CACHE_ENCRYPTION_KEY";

    public static readonly EncryptionKeys None = new([]);

    /// <summary>The most characters, all of them ASCII, of a key's id.</summary>
    public const int MaxIdLength = 32;

    private readonly FrozenDictionary<string, EncryptionKey> _byId;

    private EncryptionKeys(IReadOnlyList<EncryptionKey> keys)
    {
        Writing = keys.Count > 0 ? keys[0] : null;
        _byId = keys.ToFrozenDictionary(key => key.Id, StringComparer.Ordinal);
    }

    /// <summary>What new entries are encrypted with; null if there is no key.</summary>
    public EncryptionKey? Writing { get; }

    public EncryptionKey? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Reads <c>kid:base64[,kid:base64…]</c>.</summary>
    /// <exception cref="OptionsValidationException">The format is wrong. The message names the item and the fault and
    /// never repeats any part of the text.</exception>
    public static EncryptionKeys Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return None;
        var keys = new List<EncryptionKey>();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var number = keys.Count + 1;
            var colon = item.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
                throw Refuse(number, "has no key id");
            var id = item[..colon];
            if (id.Length is 0 or > MaxIdLength || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
                throw Refuse(number, "has a key id that is not allowed");
            if (keys.Exists(key => key.Id == id))
                throw Refuse(number, "repeats a key id");
            keys.Add(new EncryptionKey(
                id, Decode(item.AsSpan(colon + 1))
                ?? throw Refuse(number, $"is not base64 of {EncryptionKey.MasterSize} bytes")));
        }
        return new EncryptionKeys(keys);
    }

    // With padding or without: 43 letters and digits, as generators of passwords make them, are a key.
    private static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[EncryptionKey.MasterSize + 1];
        var padded = string.Concat(text, (text.Length % 4) switch { 2 => "==", 3 => "=", _ => "" });
        return Convert.TryFromBase64String(padded, bytes, out var length) && length == EncryptionKey.MasterSize
            ? bytes[..length] : null;
    }

    private static OptionsValidationException Refuse(int number, string what) => CacheSettings.Refusal(
        $"{SettingName}: item {number} {what}; allowed is kid:base64[,kid:base64...], each kid 1 to {MaxIdLength} "
        + "letters, digits, '-', '_' or '.' and used once, "
        + $"each key {EncryptionKey.MasterSize} bytes in base64 (openssl rand -base64 {EncryptionKey.MasterSize}).");
}
