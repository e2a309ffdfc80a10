namespace ECommerce.Mocks.PrestaShop.Storage;

/// <summary>Sales of one currency and month, by the shop's local dates. Amounts without a suffix are gross.</summary>
internal sealed record MonthlySales(
    string Currency, string Month, int Orders, decimal TotalPaid, decimal TotalPaidTaxExcl, int CancelledOrders,
    decimal TotalCancelled, int Refunds, decimal TotalRefunded, decimal TotalRefundedTaxExcl);

/// <summary>The rows of the valid orders of one currency and month that have one VAT rate.</summary>
internal sealed record MonthlyVat(string Currency, string Month, decimal Rate, decimal Net, decimal Gross);

/// <summary>What the shop's own books say.</summary>
internal sealed record ShopBooks(IReadOnlyList<MonthlySales> Sales, IReadOnlyList<MonthlyVat> Vat)
{
    private readonly record struct Period(string Currency, string Month);

    public static ShopBooks Calculate(ShopStore shop)
    {
        var codes = shop["currencies"].Snapshot.ToDictionary(
            row => ShopFormat.Id(row.Id), row => row.Text("iso_code"));
        var orders = shop["orders"].Snapshot;
        var byId = orders.ToDictionary(order => order.Id);
        var slips = shop["order_slip"].Snapshot.Where(slip => OrderOf(slip) is not null)
            .ToLookup(slip => new Period(Code(OrderOf(slip)!), Month(slip)));
        var sold = orders.ToLookup(order => new Period(Code(order), Month(order)));
        var periods = sold.Select(group => group.Key).Union(slips.Select(group => group.Key))
            .OrderBy(period => period.Month, StringComparer.Ordinal)
            .ThenBy(period => period.Currency, StringComparer.Ordinal);
        return new ShopBooks(
            [.. periods.Select(period => SalesOf(period, [.. sold[period]], [.. slips[period]]))], [.. Vat()]);

        Row? OrderOf(Row row) => byId.GetValueOrDefault(ShopFormat.Int(row.Text("id_order")));

        string Code(Row order) => codes.GetValueOrDefault(order.Text("id_currency"), "");

        IEnumerable<MonthlyVat> Vat()
        {
            var rates = shop["taxes"].Snapshot.ToDictionary(
                row => ShopFormat.Id(row.Id), row => ShopFormat.Decimal(row.Text("rate")));
            return shop["order_details"].Snapshot.Where(row => OrderOf(row) is { } order && order.Text("valid") == "1")
                .GroupBy(row => (Code(OrderOf(row)!), Month(OrderOf(row)!), Rate: RateOf(row, rates)))
                .Select(group => new MonthlyVat(
                    group.Key.Item1, group.Key.Item2, group.Key.Rate, Sum(group, "total_price_tax_excl"),
                    Sum(group, "total_price_tax_incl")))
                .OrderBy(vat => vat.Month, StringComparer.Ordinal).ThenBy(vat => vat.Currency, StringComparer.Ordinal)
                .ThenBy(vat => vat.Rate);
        }
    }

    private static MonthlySales SalesOf(Period period, Row[] orders, Row[] slips)
    {
        var valid = orders.Where(order => order.Text("valid") == "1").ToArray();
        var others = orders.Except(valid).ToArray();
        return new MonthlySales(
            period.Currency, period.Month, valid.Length, Sum(valid, "total_paid_tax_incl"),
            Sum(valid, "total_paid_tax_excl"), others.Length, Sum(others, "total_paid_tax_incl"), slips.Length,
            Sum(slips, "total_products_tax_incl") + Sum(slips, "total_shipping_tax_incl"),
            Sum(slips, "total_products_tax_excl") + Sum(slips, "total_shipping_tax_excl"));
    }

    private static decimal RateOf(Row detail, Dictionary<string, decimal> rates) =>
        detail.Schema.IndexOfAssociation("taxes") is >= 0 and var index && detail.Association(index) is { } taxes
            ? taxes.Sum(tax => rates.GetValueOrDefault(tax[0] ?? ""))
            : 0;

    private static string Month(Row row) => row.Text("date_add") is { Length: > 7 } date ? date[..7] : "";

    private static decimal Sum(IEnumerable<Row> rows, string field) =>
        rows.Sum(row => ShopFormat.Decimal(row.Text(field)));
}
