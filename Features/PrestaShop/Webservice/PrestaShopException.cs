namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>What a failed request to a shop means for the next attempt.</summary>
internal enum ShopFault
{
    /// <summary>The next attempt fails as well.</summary>
    Final,

    /// <summary>An error status or a broken connection: memory and time limits of PHP appear so.</summary>
    Overloaded,

    /// <summary>200 with an empty body or one that is not JSON: one row may be the cause.</summary>
    Unreadable,

    /// <summary>The body is larger than a page may be.</summary>
    TooLarge,

    /// <summary>The response was not complete in time.</summary>
    TooSlow,

    /// <summary>No connection.</summary>
    Unreachable,
}

/// <summary>
/// An invalid response of a shop. The message is for the merchant: it names the resource and never the API key.
/// </summary>
internal sealed class PrestaShopException(string message, ShopFault fault, Exception? inner = null) : Exception(
    message, inner)
{
    public ShopFault Fault { get; } = fault;

    /// <summary>
    /// Whether the webservice works and refuses this one request: the key has no right to it, or the shop's version
    /// knows no such resource or field.
    /// </summary>
    public bool IsRefusal { get; init; }

    /// <summary>Whether the key has no right to the resource, as the webservice itself states it.</summary>
    public bool IsMissingRight { get; init; }

    /// <summary>How long the request took.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Whether a smaller page may succeed.</summary>
    public bool MayBeTooMuch => Fault is not (ShopFault.Final or ShopFault.Unreachable);

    /// <summary>Whether a single row may be the cause.</summary>
    public bool MayBeOneRow => Fault is ShopFault.Overloaded or ShopFault.Unreadable;
}
