using ECommerce.Features.Invoices.Characters;
using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Pricing;

namespace ECommerce.Features.Invoices.Building;

/// <summary>Numbered lines: total and unit price with up to eight decimals.</summary>
internal static class DocumentLines
{
    private const int CodeLength = 35;

    public static IReadOnlyList<DocumentLine> From(DocumentTotals totals, string unit, string country)
    {
        var hasSeveralRates = totals.Summaries.Count > 1;
        return
        [
            .. totals.Items.Index().Select(entry =>
                From(entry.Item, entry.Index + 1, totals.Basis, unit, country, hasSeveralRates)),
        ];
    }

    private static DocumentLine From(
        PricedItem item, int number, PriceBasis basis, string unit, string country, bool hasSeveralRates)
    {
        var total = item.Net(basis);
        return new DocumentLine(
            number, Descriptions.Of(item, hasSeveralRates), item.Quantity, LineAmounts.Exact(total / item.Quantity),
            total, item.Tax.VatRate)
        {
            Unit = FieldText.Ascii(unit, 10),
            Nature = item.Tax.Nature,
            Codes = [.. Codes(item)],
            // The country and rate of the VAT; the line of the VAT itself states its amount.
            Data = item.Tax is { VatRate: 0, ShopRate: > 0 }
                ? [new ManagementData("OSS", country, item.Tax.ShopRate)]
                : item.Kind == ItemKind.ForeignVat ? [new ManagementData("OSS", country, total)] : [],
        };
    }

    private static IEnumerable<ItemCode> Codes(PricedItem item)
    {
        if (FieldText.Ascii(item.Reference, CodeLength) is { } reference)
            yield return new ItemCode("SKU", reference);
        if (FieldText.Ascii(item.Ean, CodeLength) is { } ean)
            yield return new ItemCode("EAN", ean);
    }
}
