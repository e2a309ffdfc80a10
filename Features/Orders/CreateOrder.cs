using ECommerce.Features.Orders.Drafts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Orders;

internal static class CreateOrder
{
    public static async Task<Results<Created<OrderDetails>, ProblemHttpResult>> Handle(
        OrderDraft draft, Tenant tenant, CurrentUser user, WriteTransactions transactions, TimeProvider time,
        ShopTimeZone zone, HttpContext http, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        var invalid = await SalesReferences.From(draft).UnknownAsync(tx.Db, before: null, ct);
        var lines = await draft.PriceAsync(tx.Db, before: [], invalid, ct);
        if (invalid.Count > 0)
            return Problems.Invalid(invalid);
        if (await OrderWriter.FirstStateAsync(tx.Db, ct) is not { } state)
            return OrderStates.NoFirstState();
        if (draft.Totals(lines) is not { IsNegative: false } totals)
            return OrderTotals.TooManyDiscounts();

        var order = tx.Db.AddOrder(state, user, time.GetUtcNow().UtcDateTime, zone);
        draft.WriteTo(order);
        order.FillAmounts(draft, totals);
        order.AddLines(lines);
        await tx.SaveAsync(ct);

        var created = await OrderReader.FindAsync(tx.Db, order.Id, ct);
        return await tx.CommitCreatedAsync(http, $"/api/v1/orders/{order.Id}", created!, ct);
    }
}
