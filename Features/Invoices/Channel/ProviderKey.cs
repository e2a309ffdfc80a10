namespace ECommerce.Features.Invoices.Channel;

/// <summary>
/// The API key of a tenant at the provider. A class whose text is not the key, so that no log line prints it by
/// accident.
/// </summary>
internal sealed class ProviderKey
{
    private const int MaxLength = 255;

    private readonly string _value;

    private ProviderKey(string value) => _value = value;

    /// <exception cref="FatturaPaException">There is no key, or it cannot be a part of a path.</exception>
    public static ProviderKey Create(string? value) =>
        value?.Trim() is { Length: > 0 and <= MaxLength } key
        && key.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '=' or '+')
        && key.Any(static c => c != '.')
            ? new ProviderKey(key)
            : throw new FatturaPaException(
                ProviderFault.InvalidKey, "The API key of the provider is missing, or has characters that no key has.");

    /// <summary>The key itself, for a request and nothing else.</summary>
    public string Reveal() => _value;

    public string Redact(string text) => text
        .Replace(Uri.EscapeDataString(_value), "***", StringComparison.OrdinalIgnoreCase)
        .Replace(_value, "***", StringComparison.OrdinalIgnoreCase);

    public override string ToString() => "***";
}
