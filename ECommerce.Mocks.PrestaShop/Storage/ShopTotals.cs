namespace ECommerce.Mocks.PrestaShop.Storage;

/// <summary>What a client must have after a full sync.</summary>
internal sealed record ShopTotals(
    int Orders,
    int OrderLines,
    int OrderHistories,
    int Customers,
    int Guests,
    int Addresses,
    int DeletedAddresses,
    int Products,
    decimal TotalPaid,
    decimal TotalProductsNet,
    decimal TotalProductsGross,
    decimal TotalShipping,
    decimal TotalDiscounts,
    long StockQuantity,
    IReadOnlyDictionary<int, int> OrdersByState,
    string LastDateUpd)
{
    public static ShopTotals Calculate(ShopStore shop)
    {
        var orders = shop["orders"].Snapshot;
        return new(
            orders.Count,
            shop["order_details"].Snapshot.Count,
            shop["order_histories"].Snapshot.Count,
            shop["customers"].Snapshot.Count,
            shop["customers"].Snapshot.Count(row => row.Text("is_guest") == "1"),
            shop["addresses"].Snapshot.Count,
            shop["addresses"].Snapshot.Count(row => row.Text("deleted") == "1"),
            shop["products"].Snapshot.Count,
            Sum(orders, "total_paid"),
            Sum(orders, "total_products"),
            Sum(orders, "total_products_wt"),
            Sum(orders, "total_shipping"),
            Sum(orders, "total_discounts"),
            // The row of a product is the sum over its combinations.
            shop["stock_availables"].Snapshot.Where(row => row.Text("id_product_attribute") == "0")
                .Sum(row => (long)ShopFormat.Int(row.Text("quantity"))),
            orders.GroupBy(row => ShopFormat.Int(row.Text("current_state")))
                .OrderBy(group => group.Key)
                .ToDictionary(group => group.Key, group => group.Count()),
            orders.Select(row => row.Text("date_upd")).DefaultIfEmpty("").Max(StringComparer.Ordinal)!);
    }

    private static decimal Sum(IReadOnlyList<Row> rows, string field) =>
        ShopFormat.Cents(rows.Sum(row => ShopFormat.Decimal(row.Text(field))));
}
