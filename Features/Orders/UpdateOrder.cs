using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders;

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

        var invalid = await OrderReferences.From(draft).UnknownAsync(tx.Db, OrderReferences.From(order), ct);
        var lines = await draft.PriceAsync(tx.Db, invalid, ct);
        if (invalid.Count > 0)
            return Problems.Invalid(invalid);
        if (draft.Totals(lines) is not { IsNegative: false } totals)
            return Problems.Invalid("total_discounts", "The discounts are higher than the order.");

        // The stock of a processed order was taken by its quantities.
        var before = await tx.Db.OrderLines.Where(line => line.OrderId == id).ForUpdate().ToListAsync(ct);
        var ordered = Quantities(lines.Select(line => (line.ProductId, line.ProductQuantity)));
        if (order.ProcessedAt is not null
            && !Quantities(before.Select(line => (line.ProductId, line.ProductQuantity))).SetEquals(ordered))
        {
            return Problems.Conflict(
                "order_already_processed",
                "The stock of this order has been taken; its quantities can no longer change.");
        }

        draft.WriteTo(order, totals, time.GetUtcNow().UtcDateTime);
        order.Reference = draft.Reference ?? order.Reference;
        // Without its hash the next full synchronisation compares an imported row again and restores the shop's values.
        order.OriginHash = null;
        tx.Db.RemoveRange(before);
        order.AddLines(lines);
        await tx.SaveAsync(ct);

        var changed = await GetOrder.QueryAsync(tx.Db, id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed!);
    }

    private static HashSet<(long ProductId, long Amount)> Quantities(
        IEnumerable<(long? ProductId, int Quantity)> lines) =>
        [.. lines.Where(line => line.ProductId is not null).GroupBy(line => line.ProductId!.Value)
            .Select(group => (group.Key, group.Sum(line => (long)line.Quantity)))];
}
