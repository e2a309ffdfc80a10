namespace ECommerce.Features.Data.Entities.Orders;

/// <summary>Codes of ISO 4217.</summary>
internal static class CurrencyCodes
{
    /// <summary>The currency of orders that are made here.</summary>
    public const string Default = "EUR";

    /// <summary>The code for no currency: that of an order whose currency the shop does not know.</summary>
    public const string None = "XXX";
}
