namespace ECommerce.Features.Statistics;

/// <summary>
/// The figures of one group in one currency. Sales are the valid orders; orders that are not (unpaid, failed or
/// cancelled) are counted apart, and so are refunds, which belong to their own day. Amounts without a suffix are gross.
/// </summary>
internal sealed record SalesGroup
{
    /// <summary>
    /// A day, a month, or a state or shop by its id (<c>none</c> for the orders of no shop); null for the total.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>The name of a state or shop.</summary>
    public string? Name { get; init; }

    /// <summary>ISO 4217: all amounts of the group are in it.</summary>
    public string Currency { get; init; } = "";

    public long Orders { get; init; }

    public long PaidOrders { get; init; }

    public decimal TotalPaid { get; init; }

    public decimal TotalPaidTaxExcl { get; init; }

    /// <summary>Net, as in an order.</summary>
    public decimal TotalProducts { get; init; }

    public decimal TotalProductsWt { get; init; }

    public decimal TotalDiscounts { get; init; }

    public decimal TotalDiscountsTaxExcl { get; init; }

    public decimal TotalShipping { get; init; }

    public decimal TotalShippingTaxExcl { get; init; }

    public decimal TotalWrapping { get; init; }

    public decimal TotalWrappingTaxExcl { get; init; }

    public long CancelledOrders { get; init; }

    public decimal TotalCancelled { get; init; }

    public decimal TotalCancelledTaxExcl { get; init; }

    public long Refunds { get; init; }

    public decimal TotalRefunded { get; init; }

    public decimal TotalRefundedTaxExcl { get; init; }

    /// <summary>Orders whose amounts are not to be trusted until the next run of their shop.</summary>
    public long NeedSync { get; init; }

    /// <summary>The lines of the valid orders by their rate, before discounts, shipping and wrapping.</summary>
    public IReadOnlyList<SalesVat> Vat { get; init; } = [];

    public static SalesGroup Sum(string currency, IEnumerable<SalesGroup> groups) =>
        groups.Aggregate(new SalesGroup { Currency = currency }, static (sum, group) => sum.Add(group));

    public SalesGroup Add(SalesGroup other) => this with
    {
        Orders = Orders + other.Orders,
        PaidOrders = PaidOrders + other.PaidOrders,
        TotalPaid = TotalPaid + other.TotalPaid,
        TotalPaidTaxExcl = TotalPaidTaxExcl + other.TotalPaidTaxExcl,
        TotalProducts = TotalProducts + other.TotalProducts,
        TotalProductsWt = TotalProductsWt + other.TotalProductsWt,
        TotalDiscounts = TotalDiscounts + other.TotalDiscounts,
        TotalDiscountsTaxExcl = TotalDiscountsTaxExcl + other.TotalDiscountsTaxExcl,
        TotalShipping = TotalShipping + other.TotalShipping,
        TotalShippingTaxExcl = TotalShippingTaxExcl + other.TotalShippingTaxExcl,
        TotalWrapping = TotalWrapping + other.TotalWrapping,
        TotalWrappingTaxExcl = TotalWrappingTaxExcl + other.TotalWrappingTaxExcl,
        CancelledOrders = CancelledOrders + other.CancelledOrders,
        TotalCancelled = TotalCancelled + other.TotalCancelled,
        TotalCancelledTaxExcl = TotalCancelledTaxExcl + other.TotalCancelledTaxExcl,
        Refunds = Refunds + other.Refunds,
        TotalRefunded = TotalRefunded + other.TotalRefunded,
        TotalRefundedTaxExcl = TotalRefundedTaxExcl + other.TotalRefundedTaxExcl,
        NeedSync = NeedSync + other.NeedSync,
        Vat = SalesVat.Add(Vat, other.Vat),
    };
}

/// <summary>Lines of one VAT rate, in percent. Sums of lines are exact to six decimals.</summary>
internal sealed record SalesVat(decimal Rate, decimal Net, decimal Gross)
{
    public decimal Tax => Gross - Net;

    public static IReadOnlyList<SalesVat> Add(IEnumerable<SalesVat> one, IEnumerable<SalesVat> other) =>
    [
        .. one.Concat(other).GroupBy(vat => vat.Rate).OrderBy(group => group.Key).Select(
            group => new SalesVat(group.Key, group.Sum(vat => vat.Net), group.Sum(vat => vat.Gross))),
    ];
}
