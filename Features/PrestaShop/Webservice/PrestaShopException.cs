namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// An invalid response of a shop. The message is for the merchant: it names the resource and never the API key.
/// </summary>
internal sealed class PrestaShopException(string message, bool mayBeTooMuch, Exception? inner = null) : Exception(
    message, inner)
{
    /// <summary>
    /// Whether a smaller page may succeed: memory and time limits of PHP appear as errors, empty bodies and broken
    /// connections.
    /// </summary>
    public bool MayBeTooMuch { get; } = mayBeTooMuch;
}
