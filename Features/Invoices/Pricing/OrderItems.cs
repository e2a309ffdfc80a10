using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Features.Invoices.Pricing;

/// <summary>An order in euro as the lines of its invoice.</summary>
/// <param name="Expected">What the document comes to: what is paid, with gift cards.</param>
/// <param name="Items">Goods, charges and vouchers.</param>
internal sealed record OrderItems(IReadOnlyList<PricedItem> Items, decimal Expected)
{
    private const string Shipping = "Spese di spedizione";
    private const string Wrapping = "Confezione regalo";

    public static OrderItems From(InvoicedOrder order, InvoiceSettings settings, Taxations taxations)
    {
        var goods = order.Lines.Where(static line => line.Quantity > 0)
            .Select(line => Goods(line, order.Rounding, taxations)).ToArray();
        var charges = new ChargeItems(goods, taxations, settings.VatRates);
        PricedItem[] items =
        [
            .. goods, .. charges.Of(order.Shipping, ItemKind.Shipping, Shipping),
            .. charges.Of(order.Wrapping, ItemKind.Wrapping, Wrapping),
        ];
        var vouchers = new VoucherItems(items);
        PricedItem[] lowered =
        [
            .. items,
            .. order.Vouchers.Where(static voucher => voucher is { IsGiftCard: false, Value: > 0 })
                .SelectMany(vouchers.Of),
        ];
        var expected = order.TotalPaid is { } paid
            ? paid + order.GiftCards
            : Money.Round(order.Rounding.Sum(goods.Select(static item => item.Gross))
                + lowered.Where(static item => item.Kind != ItemKind.Goods).Sum(static item => item.Gross));
        return new OrderItems(lowered, expected);
    }

    private static PricedItem Goods(InvoicedLine line, OrderRounding rounding, Taxations taxations)
    {
        var tax = taxations.Of(line.VatRate, line.Nature);
        var item = PricedItem.FromGross(
            ItemKind.Goods, line.Description, line.Quantity, tax, line.GrossTotal(rounding));
        return item with
        {
            // A flat-rate seller's prices have no VAT to take off.
            NetOfShop = tax.ShopRate == line.VatRate ? LineAmounts.Exact(line.NetTotal()) : item.NetOfGross,
            Line = line.Id,
            Reference = line.Reference,
            Ean = line.Ean,
        };
    }
}
