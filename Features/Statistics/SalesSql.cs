namespace ECommerce.Features.Statistics;

/// <summary>The statements of one grouping. Each reads one range of an index on tenant and day.</summary>
internal sealed record SalesSql(string Orders, string Refunds, string Vat)
{
    private const string Sums = """
        CAST(SUM(o.valid) AS SIGNED) AS orders, CAST(SUM(o.valid AND o.is_paid) AS SIGNED) AS paid_orders,
               SUM(IF(o.valid, o.total_paid, 0)) AS total_paid,
               SUM(IF(o.valid, o.total_paid_tax_excl, 0)) AS total_paid_tax_excl,
               SUM(IF(o.valid, o.total_products, 0)) AS total_products,
               SUM(IF(o.valid, o.total_products_wt, 0)) AS total_products_wt,
               SUM(IF(o.valid, o.total_discounts, 0)) AS total_discounts,
               SUM(IF(o.valid, o.total_discounts_tax_excl, 0)) AS total_discounts_tax_excl,
               SUM(IF(o.valid, o.total_shipping, 0)) AS total_shipping,
               SUM(IF(o.valid, o.total_shipping_tax_excl, 0)) AS total_shipping_tax_excl,
               SUM(IF(o.valid, o.total_wrapping, 0)) AS total_wrapping,
               SUM(IF(o.valid, o.total_wrapping_tax_excl, 0)) AS total_wrapping_tax_excl,
               CAST(SUM(NOT o.valid) AS SIGNED) AS cancelled_orders,
               SUM(IF(o.valid, 0, o.total_paid)) AS total_cancelled,
               SUM(IF(o.valid, 0, o.total_paid_tax_excl)) AS total_cancelled_tax_excl,
               CAST(SUM(o.needs_sync) AS SIGNED) AS need_sync
        """;

    private const string RefundSums = """
        COUNT(*) AS refunds, SUM(r.total_tax_incl) AS total_refunded, SUM(r.total_tax_excl) AS total_refunded_tax_excl
        """;

    private const string VatSums = """
        l.vat_rate AS rate, SUM(l.total_price_tax_excl) AS net, SUM(l.total_price_tax_incl) AS gross
        """;

    private const string Currency = "(@Currency IS NULL OR o.currency = @Currency)";

    private static readonly SalesSql ByDay = Create("DATE_FORMAT({0}.local_date, '%Y-%m-%d')");
    private static readonly SalesSql ByMonth = Create("DATE_FORMAT({0}.local_date, '%Y-%m')");

    private static readonly SalesSql ByState = Create(
        "CAST(o.state_id AS CHAR)", "JOIN order_states s ON s.tenant_id = o.tenant_id AND s.id = o.state_id");

    // Orders created through the API have no shop.
    private static readonly SalesSql ByShop = Create(
        "COALESCE(CAST(o.shop_id AS CHAR), 'none')",
        "LEFT JOIN shops s ON s.tenant_id = o.tenant_id AND s.id = o.shop_id");

    public static SalesSql Of(string name) => name switch
    {
        SalesGrouping.Day => ByDay,
        SalesGrouping.Month => ByMonth,
        SalesGrouping.State => ByState,
        SalesGrouping.Shop => ByShop,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such statistic."),
    };

    /// <param name="key">The group; <c>{0}</c> is the table whose day counts.</param>
    /// <param name="named">The join with the table that has the name of the group, as <c>s</c>.</param>
    private static SalesSql Create(string key, string named = "")
    {
        var name = named.Length > 0 ? "MAX(s.name)" : "CAST(NULL AS CHAR)";
        var orderKey = key.Replace("{0}", "o", StringComparison.Ordinal);
        var refundKey = key.Replace("{0}", "r", StringComparison.Ordinal);
        return new SalesSql(
            $"""
            SELECT {orderKey} AS `key`, {name} AS name, o.currency, {Sums}
            FROM orders o
            {named}
            WHERE o.tenant_id = @tenant AND o.local_date BETWEEN @From AND @To AND o.deleted_at IS NULL AND {Currency}
            GROUP BY `key`, o.currency
            """,
            $"""
            SELECT {refundKey} AS `key`, {name} AS name, o.currency, {RefundSums}
            FROM order_refunds r
            JOIN orders o ON o.tenant_id = r.tenant_id AND o.id = r.order_id
            {named}
            WHERE r.tenant_id = @tenant AND r.local_date BETWEEN @From AND @To AND o.deleted_at IS NULL AND {Currency}
            GROUP BY `key`, o.currency
            """,
            $"""
            SELECT {orderKey} AS `key`, o.currency, {VatSums}
            FROM orders o
            JOIN order_lines l ON l.tenant_id = o.tenant_id AND l.order_id = o.id
            WHERE o.tenant_id = @tenant AND o.local_date BETWEEN @From AND @To AND o.deleted_at IS NULL AND o.valid
              AND {Currency}
            GROUP BY `key`, o.currency, l.vat_rate
            """);
    }
}
