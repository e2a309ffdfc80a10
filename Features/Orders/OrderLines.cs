
namespace ECommerce.Features.Orders;

/// <summary>Lines as they are written.</summary>
internal static class OrderLines
{
    // Held until the commit, so that no product is deleted between this look and the line that names it.
    private const string Products = """
        SELECT id, name, reference, price, vat_rate
        FROM products
        WHERE tenant_id = @tenant AND id IN @ids AND deleted_at IS NULL
        ORDER BY id
        LOCK IN SHARE MODE
        """;

    private const string Insert = """
        INSERT INTO order_lines (tenant_id, order_id, product_id, product_name, product_reference, product_quantity, unit_price_tax_excl,
                                 unit_price_tax_incl, vat_rate, reduction_percent, total_price_tax_excl, total_price_tax_incl)
        VALUES (@tenant, @orderId, @ProductId, @ProductName, @ProductReference, @ProductQuantity, @UnitPriceTaxExcl,
                @UnitPriceTaxIncl, @VatRate, @ReductionPercent, @TotalPriceTaxExcl, @TotalPriceTaxIncl)
        """;

    /// <summary>The lines with their prices; lines whose product does not exist are named in <paramref name="invalid"/>.</summary>
    public static async Task<IReadOnlyList<PricedLine>> PriceAsync(
        this OrderDraft order, WriteTransaction tx, Tenant tenant, Dictionary<string, string[]> invalid, CancellationToken ct)
    {
        var ids = order.Lines.Select(line => line.ProductId).OfType<long>().Distinct().Order().ToArray();
        var products = ids.Length == 0 ? [] : (await tx.ListAsync<OrderedProduct>(Products, new { tenant, ids }, ct)).ToDictionary(product => product.Id);
        var priced = new List<PricedLine>(order.Lines.Count);
        foreach (var (index, line) in order.Lines.Index())
        {
            var product = products.GetValueOrDefault(line.ProductId ?? 0);
            if (line.ProductId is not null && product is null)
                invalid[$"lines[{index}].product_id"] = ["There is no such product."];
            priced.Add(PricedLine.Calculate(line, product));
        }
        return priced;
    }

    public static async Task InsertLinesAsync(
        this WriteTransaction tx, Tenant tenant, long orderId, IEnumerable<PricedLine> lines, CancellationToken ct)
    {
        foreach (var line in lines)
        {
            await tx.ExecuteAsync(
                Insert,
                new
                {
                    tenant,
                    orderId,
                    line.ProductId,
                    line.ProductName,
                    line.ProductReference,
                    line.ProductQuantity,
                    line.UnitPriceTaxExcl,
                    line.UnitPriceTaxIncl,
                    line.VatRate,
                    line.ReductionPercent,
                    line.TotalPriceTaxExcl,
                    line.TotalPriceTaxIncl,
                }, ct);
        }
    }
}
