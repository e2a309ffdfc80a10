using ECommerce.Features.Orders.Drafts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders;

/// <summary>
/// Replaces an order. What repeats the stored order writes nothing; the amounts of an order of a shop are the shop's.
/// </summary>
internal static class UpdateOrder
{
    public static async Task<Results<Ok<OrderDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, OrderDraft draft, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions, TimeProvider time,
        CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Orders.Where(o => o.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } order)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(order.RowVersion))
            return Problems.PreconditionFailed();

        var invalid = await SalesReferences.From(draft).UnknownAsync(tx.Db, SalesReferences.From(order), ct);
        var before = await tx.Db.OrderLines.Where(line => line.OrderId == id).OrderBy(line => line.Id).ForUpdate()
            .ToListAsync(ct);
        if (await WriteAsync(tx.Db, order, draft, before, invalid, ct) is { } problem)
            return problem;
        if (tx.Db.ChangeTracker.HasChanges() && order.OriginId is null)
            order.DateUpd = time.GetUtcNow().UtcDateTime;
        await tx.SaveAsync(ct);

        var changed = await OrderReader.FindAsync(tx.Db, id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed!);
    }

    private static Task<ProblemHttpResult?> WriteAsync(
        ECommerceDbContext db, Order order, OrderDraft draft, List<OrderLine> before,
        Dictionary<string, string[]> invalid, CancellationToken ct) =>
        order.OriginId is null
            ? WriteOwnAsync(db, order, draft, before, invalid, ct)
            : Task.FromResult(WriteShops(db, order, draft, before, invalid));

    private static ProblemHttpResult? WriteShops(
        ECommerceDbContext db, Order order, OrderDraft draft, List<OrderLine> before,
        Dictionary<string, string[]> invalid)
    {
        if (ShopAmounts.FirstDifference(draft, order, before) is { } field)
        {
            return Problems.Conflict(
                "order_belongs_to_shop", $"Lines and amounts of an order of a shop change in the shop only: {field}.");
        }
        if (invalid.Count > 0)
            return Problems.Invalid(invalid);

        draft.WriteTo(order);
        // Without its hash the next full run compares the row again and restores the shop's values.
        if (ShopAmounts.IsAnyFieldOfTheShopChanged(db.Entry(order)))
            order.OriginHash = null;
        return null;
    }

    private static async Task<ProblemHttpResult?> WriteOwnAsync(
        ECommerceDbContext db, Order order, OrderDraft draft, List<OrderLine> before,
        Dictionary<string, string[]> invalid, CancellationToken ct)
    {
        var lines = await draft.PriceAsync(db, before, invalid, ct);
        if (invalid.Count > 0)
            return Problems.Invalid(invalid);
        if (draft.Totals(lines) is not { IsNegative: false } totals)
            return OrderTotals.TooManyDiscounts();

        // The stock of a processed order was taken by its quantities.
        var ordered = Quantities(lines.Select(line => (line.ProductId, line.ProductQuantity)));
        if (order.ProcessedAt is not null
            && !Quantities(before.Select(line => (line.ProductId, line.ProductQuantity))).SetEquals(ordered))
        {
            return Problems.Conflict(
                "order_already_processed",
                "The stock of this order has been taken; its quantities can no longer change.");
        }

        draft.WriteTo(order);
        order.FillAmounts(draft, totals);
        if (!before.Select(SalesLines.Priced).SequenceEqual(lines))
        {
            db.RemoveRange(before);
            order.AddLines(lines);
        }
        return null;
    }

    private static HashSet<(long ProductId, long Amount)> Quantities(
        IEnumerable<(long? ProductId, int Quantity)> lines) =>
        [.. lines.Where(line => line.ProductId is not null).GroupBy(line => line.ProductId!.Value)
            .Select(group => (group.Key, group.Sum(line => (long)line.Quantity)))];
}
