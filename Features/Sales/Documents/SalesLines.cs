using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Sales.Documents;

/// <summary>Lines of orders and quotes as they are written.</summary>
internal static class SalesLines
{
    /// <summary>
    /// The lines with their prices; lines whose product does not exist are named in <paramref name="invalid"/>. A line
    /// that was there before keeps its product, which may be deleted by now.
    /// </summary>
    public static async Task<IReadOnlyList<PricedLine>> PriceAsync(
        this ISalesDraft draft, ECommerceDbContext db, IReadOnlyCollection<ISalesLine> before,
        Dictionary<string, string[]> invalid, CancellationToken ct)
    {
        // Of orders that are made here: they are in euros.
        foreach (var (field, amount) in (
            (string, decimal)[])[("total_discounts", draft.TotalDiscounts), ("total_shipping", draft.TotalShipping)])
        {
            if (Money.Round(amount) != amount)
                invalid[field] = ["Amounts have at most two digits."];
        }
        var kept = before.Select(line => line.ProductId).ToHashSet();
        var products = await ProductsAsync(
            db, [.. draft.Lines.Select(line => line.ProductId).OfType<long>().Distinct()], ct);
        var priced = new List<PricedLine>(draft.Lines.Count);
        foreach (var (index, line) in draft.Lines.Index())
        {
            var product = products.GetValueOrDefault(line.ProductId ?? 0);
            var isKept = kept.Contains(line.ProductId)
                && line is { ProductName: not null, UnitPriceTaxExcl: not null, VatRate: not null };
            if (line.ProductId is not null && product is null && !isKept)
                invalid[$"lines[{index}].product_id"] = ["There is no such product."];
            priced.Add(PricedLine.Calculate(line, product));
        }
        return priced;
    }

    /// <summary>A stored line as it was priced.</summary>
    public static PricedLine Priced(ISalesLine line) => new(
        line.ProductId, line.ProductName, line.ProductReference, line.ProductQuantity, line.UnitPriceTaxExcl,
        line.UnitPriceTaxIncl, line.VatRate, line.ReductionPercent, line.TotalPriceTaxExcl, line.TotalPriceTaxIncl);

    /// <summary>A priced line as a row.</summary>
    public static TLine Row<TLine>(PricedLine line)
        where TLine : ISalesLine, new() => new()
        {
            ProductId = line.ProductId,
            ProductName = line.ProductName,
            ProductReference = line.ProductReference,
            ProductQuantity = line.ProductQuantity,
            UnitPriceTaxExcl = line.UnitPriceTaxExcl,
            UnitPriceTaxIncl = line.UnitPriceTaxIncl,
            VatRate = line.VatRate,
            ReductionPercent = line.ReductionPercent,
            TotalPriceTaxExcl = line.TotalPriceTaxExcl,
            TotalPriceTaxIncl = line.TotalPriceTaxIncl,
        };

    // Held until the commit, so that no product is deleted between this look and the line that names it.
    private static async Task<Dictionary<long, OrderedProduct>> ProductsAsync(
        ECommerceDbContext db, long[] ids, CancellationToken ct) =>
        ids.Length == 0 ? [] : await db.Products.Where(p => ids.Contains(p.Id)).OrderBy(p => p.Id).ForShare()
            .Select(p => new OrderedProduct(p.Id, p.Name, p.Reference, p.Price, p.VatRate))
            .ToDictionaryAsync(product => product.Id, ct);
}
