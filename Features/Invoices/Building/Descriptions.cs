using System.Globalization;
using ECommerce.Features.Invoices.Characters;
using ECommerce.Features.Invoices.Pricing;

namespace ECommerce.Features.Invoices.Building;

/// <summary>Descriptions of lines.</summary>
internal static class Descriptions
{
    private const int MaxLength = 1000;
    private const string Goods = "Articolo";

    public static string Percent(decimal rate) => rate.ToString("0.##", CultureInfo.InvariantCulture) + "%";

    /// <summary>
    /// The name of the product, in Latin-1; its reference where the name is in another script. Lines of the whole order
    /// state their rate when there are several.
    /// </summary>
    public static string Of(PricedItem item, bool hasSeveralRates)
    {
        if (item.Kind == ItemKind.Goods)
            return Product(item);
        var text = FieldText.Latin(item.Description, MaxLength - 20) ?? Goods;
        var isDivided = hasSeveralRates && item.Kind is ItemKind.Voucher or ItemKind.Shipping or ItemKind.Wrapping;
        return isDivided && hasSeveralRates && item.Tax.VatRate > 0
            ? $"{text} (IVA {Percent(item.Tax.VatRate)})"
            : text;
    }

    private static string Product(PricedItem item)
    {
        if (!Transliteration.IsLost(item.Description) && FieldText.Latin(item.Description, MaxLength) is { } name)
            return name;
        return FieldText.Latin(item.Reference, MaxLength) is { } reference ? $"{Goods} {reference}" : Goods;
    }
}
