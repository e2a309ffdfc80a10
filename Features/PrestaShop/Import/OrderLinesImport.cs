using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Features.PrestaShop.Import;

/// <summary>
/// The lines of created and updated orders. The totals of an order are the shop's; those of a line are computed as the
/// shop does.
/// </summary>
internal static class OrderLinesImport
{
    private const string Insert = """
        INSERT INTO order_lines (tenant_id, order_id, origin_id, product_id, product_name, product_reference,
                                 product_quantity, unit_price_tax_excl, unit_price_tax_incl, vat_rate,
                                 total_price_tax_excl, total_price_tax_incl)
        """;

    private static readonly decimal[] ItalianRates = [22m, 10m, 5m, 4m, 0m];

    public static async Task ReplaceAsync(
        WriteTransaction tx, SyncSession session, IReadOnlyList<ShopRow> orders, ImportResult result,
        CancellationToken ct)
    {
        // Lines change with their orders only, whose rows the batch has written: the orders' tags cover them.
        if (result.Updated.Count > 0)
        {
            await tx.ExecuteAsync(
                "DELETE FROM order_lines WHERE tenant_id = @Tenant AND order_id IN @orders",
                new { session.Tenant, orders = result.Updated.Values }, ct);
        }
        var lines = orders.SelectMany(
            order => order.Association("order_rows").Select(line => (Order: order.Id, Line: line))).ToArray();
        var products = await tx.LocalIdsAsync(
            "products", session.Tenant, session.ShopId, lines.Select(row => row.Line.Reference("product_id"))
                .OfType<long>(), ct);
        foreach (var chunk in lines.Chunk(1000))
        {
            await tx.InsertAllAsync(Insert, 12, [.. chunk.Select(row =>
            {
                result.TryGetChanged(row.Order, out var order);
                return Values(session.Tenant, order, row.Line, products);
            })], "", ct);
        }
    }

    private static object?[] Values(Tenant tenant, long order, ShopRow line, IReadOnlyDictionary<long, long> products)
    {
        var quantity = (int)(line.Long("product_quantity") ?? 0);
        var (net, gross) = (line.Number("unit_price_tax_excl"), line.Number("unit_price_tax_incl"));
        // A product that was deleted in the shop is not imported; its line keeps the name.
        object? product = line.Reference("product_id") is { } origin && products.TryGetValue(origin, out var id)
            ? id
            : null;
        return
        [
            tenant.Slug, order, line.Long("id"), product, line.Text("product_name", 255)
                ?? "", line.Text("product_reference", 64), quantity,
            Cents(net), Cents(gross), Rate(net, gross), Cents(net * quantity), Cents(gross * quantity),
        ];
    }

    // The webservice returns prices and no rate, and small prices are rounded: take the nearest Italian rate.
    private static decimal Rate(decimal net, decimal gross)
    {
        if (net == 0)
            return 0;
        var rate = ((gross / net) - 1) * 100;
        var nearest = ItalianRates.MinBy(known => Math.Abs(known - rate));
        return Math.Abs(nearest - rate) < 0.5m ? nearest : decimal.Round(rate, 3, MidpointRounding.AwayFromZero);
    }

    private static decimal Cents(decimal amount) => decimal.Round(amount, 2, MidpointRounding.AwayFromZero);
}
