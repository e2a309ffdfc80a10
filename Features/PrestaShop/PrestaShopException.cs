namespace ECommerce.Features.PrestaShop;

/// <summary>The shop did not answer what a webservice answers. The message is for the merchant: it names the resource and never the key.</summary>
internal sealed class PrestaShopException(string message, bool mayBeTooMuch, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether asking for fewer rows may help: memory and time limits of PHP show as errors, empty bodies and broken connections.</summary>
    public bool MayBeTooMuch { get; } = mayBeTooMuch;
}
