using Microsoft.Extensions.Options;

namespace ECommerce.Features.Common.Secrets;

/// <summary>
/// One key of a setting <c>[kid:]value[,[kid:]value…]</c>: the first one signs or encrypts, all of them are accepted,
/// so that a key is replaced without a moment in which a node refuses what another one has made. A class and not a
/// record, so that no log line prints the value by accident.
/// </summary>
internal sealed class SecretKey
{
    /// <summary>The most characters of an id, all of them ASCII.</summary>
    public const int MaxIdLength = 32;

    private const int MaxKeys = 10;

    private SecretKey(string id, string value) => (Id, Value) = (id, value);

    /// <summary>Stands in plain text beside what the key has made; empty for a value without an id.</summary>
    public string Id { get; }

    public string Value { get; }

    /// <param name="name">The setting.</param>
    /// <param name="text">Its value.</param>
    /// <param name="isLongEnough">Whether a key has the length that its algorithm needs.</param>
    /// <param name="length">That length, for the error.</param>
    /// <exception cref="OptionsValidationException">There is no key, or one of them is wrong. The message names the
    /// item and the fault and never repeats any part of the text.</exception>
    public static IReadOnlyList<SecretKey> Parse(
        string name, string? text, Func<string, bool> isLongEnough, string length)
    {
        var keys = new List<SecretKey>();
        foreach (var item in (text ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            var colon = item.IndexOf(':', StringComparison.Ordinal);
            var key = new SecretKey(colon < 0 ? "" : item[..colon], item[(colon + 1)..]);
            if (colon >= 0 && !IsId(key.Id))
                throw Invalid("has a key id that is not allowed");
            if (!isLongEnough(key.Value))
                throw Invalid($"must have at least {length}");
            if (keys.Exists(other => other.Id == key.Id))
                throw Invalid(key.Id.Length > 0 ? "repeats a key id" : "is another key without an id");
            if (keys.Count == MaxKeys)
                throw Invalid($"is one too many: {MaxKeys} keys are allowed");
            keys.Add(key);
        }
        return keys;

        OptionsValidationException Invalid(string fault) => new(
            name, typeof(SecretKey),
            [
                $"{name}: item {keys.Count + 1} {fault}; allowed is [kid:]value[,[kid:]value...], each kid 1 to "
                + $"{MaxIdLength} letters, digits, '-', '_' or '.' and used once, each value at least {length} "
                + "(openssl rand -base64 48).",
            ]);
    }

    private static bool IsId(string id) =>
        id.Length is > 0 and <= MaxIdLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
