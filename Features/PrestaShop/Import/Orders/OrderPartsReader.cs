using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>Discounts, payments and refunds of an order, from the shop's rows.</summary>
internal static class OrderPartsReader
{
    private const int MaxMessage = 10_000;

    public static IReadOnlyList<ImportedDiscount> Discounts(IEnumerable<ShopRow> rules, MoneyLookups lookups) =>
    [
        .. rules.Where(rule => !rule.Flag("deleted")).OrderBy(rule => rule.Id).Select(rule => new ImportedDiscount(
            rule.Id, rule.Reference("id_cart_rule"), rule.Text("name", 255) ?? "",
            lookups.Code(rule.Reference("id_cart_rule")), rule.Exact("value"), rule.Exact("value_tax_excl"),
            rule.Flag("free_shipping"))),
    ];

    public static IReadOnlyList<ImportedPayment> Payments(
        IEnumerable<ShopRow> payments, MoneyLookups lookups, string orderCurrency) =>
    [
        .. payments.OrderBy(payment => payment.Id).Select(payment => new ImportedPayment(
            payment.Id, payment.Text("payment_method", 255) ?? "", payment.Text("transaction_id", 254),
            payment.Exact("amount"), lookups.Currency(payment.Reference("id_currency")) ?? orderCurrency,
            Rate(payment), payment.Time("date_add") ?? DateTime.UnixEpoch)),
    ];

    public static IReadOnlyList<ImportedRefund> Refunds(
        IEnumerable<ShopRow> slips, int digits, OrderWarnings warnings) =>
        [.. slips.OrderBy(slip => slip.Id).Select(slip => Refund(slip, digits, warnings))];

    public static IReadOnlyList<ImportedShipment> Shipments(
        IEnumerable<ShopRow> shipments, IReadOnlyDictionary<long, long> carriers) =>
    [
        .. shipments.OrderBy(shipment => shipment.Id).Select(shipment => new ImportedShipment(
            shipment.Id, carriers.TryGetValue(shipment.Reference("id_carrier") ?? 0, out var id) ? id : null,
            shipment.Text("tracking_number", 255), shipment.Exact("weight"), shipment.Exact("shipping_cost_tax_excl"),
            shipment.Exact("shipping_cost_tax_incl"), shipment.Time("date_add") ?? DateTime.UnixEpoch)),
    ];

    public static IReadOnlyList<ImportedMessage> Messages(IEnumerable<ShopRow> messages) =>
    [
        .. messages.OrderBy(message => message.Id).Select(message => new ImportedMessage(
            message.Id, message.Reference("id_employee") is not null, message.Flag("private"),
            message.Text("message", MaxMessage) ?? "", message.Time("date_add") ?? DateTime.UnixEpoch)),
    ];

    private static ImportedRefund Refund(ShopRow slip, int digits, OrderWarnings warnings)
    {
        ImportedRefundLine[] lines =
        [
            .. slip.Association("order_slip_details").Select(line => new ImportedRefundLine(
                line.Reference("id_order_detail"), line.Int("product_quantity") ?? 0,
                line.Exact("amount_tax_excl"), line.Exact("amount_tax_incl"))),
        ];
        var (net, gross) =
            (slip.Money("total_products_tax_excl", digits), slip.Money("total_products_tax_incl", digits));
        var (shippingNet, shippingGross) =
            (slip.Money("total_shipping_tax_excl", digits), slip.Money("total_shipping_tax_incl", digits));
        if (net == 0 && gross == 0 && shippingNet == 0 && shippingGross == 0)
        {
            // Slips of old versions: the lines, or an amount that does not name its tax.
            (net, gross) = (Round(lines.Sum(line => line.Net)), Round(lines.Sum(line => line.Gross)));
            if (net == 0 && gross == 0 && slip.Money("amount", digits) is not 0 and var amount)
            {
                (net, gross) = (amount, amount);
                warnings.Add("refund_without_tax", $"slip {slip.Id} has an amount only, taken as net and gross.");
            }
        }
        var date = slip.RawTime("date_add");
        return new ImportedRefund(
            slip.Id, Rate(slip), net, gross, shippingNet, shippingGross, slip.Flag("partial"),
            slip.Time("date_add") ?? DateTime.UnixEpoch, LocalDay.Of(date), lines);

        decimal Round(decimal sum) => decimal.Round(sum, digits, MidpointRounding.AwayFromZero);
    }

    private static decimal Rate(ShopRow row) => row.Number("conversion_rate") is > 0 and var rate ? rate : 1;
}
