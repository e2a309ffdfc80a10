using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace ECommerce.Features.Orders.Drafts;

/// <summary>
/// What of an order belongs to its shop: lines, prices, discounts and shipping. A draft may repeat it or leave it out.
/// </summary>
internal static class ShopAmounts
{
    // What no shop knows.
    private static readonly string[] OwnFields =
        [nameof(Order.Notes), nameof(Order.AssignedTo), nameof(Order.IsInvoiceRequested)];

    /// <summary>The first field that the draft would change; null for none.</summary>
    public static string? FirstDifference(OrderDraft draft, Order order, List<OrderLine> lines)
    {
        if (draft.TotalDiscounts != order.TotalDiscounts)
            return "total_discounts";
        if (draft.TotalShipping != order.TotalShipping)
            return "total_shipping";
        if (draft.CarrierTaxRate is { } rate && Percentage.Round(rate) != order.CarrierTaxRate)
            return "carrier_tax_rate";
        if (draft.Lines.Count != lines.Count)
            return "lines";
        return draft.Lines.Zip(lines, FirstDifference)
            .Select(static (field, index) => field is null ? null : $"lines[{index}].{field}")
            .FirstOrDefault(static field => field is not null);
    }

    public static bool IsAnyFieldOfTheShopChanged(EntityEntry<Order> order) =>
        order.Properties.Any(static property => property.IsModified && !OwnFields.Contains(property.Metadata.Name));

    private static string? FirstDifference(OrderLineDraft draft, OrderLine line) =>
        draft.ProductId != line.ProductId ? "product_id"
        : draft.ProductName is { } name && name != line.ProductName ? "product_name"
        : draft.ProductReference is { } reference && reference != line.ProductReference ? "product_reference"
        : draft.ProductQuantity != line.ProductQuantity ? "product_quantity"
        : draft.UnitPriceTaxExcl is { } price && price != line.UnitPriceTaxExcl ? "unit_price_tax_excl"
        : draft.VatRate is { } rate && Percentage.Round(rate) != line.VatRate ? "vat_rate"
        : Percentage.Round(draft.ReductionPercent) != line.ReductionPercent ? "reduction_percent"
        : null;
}
