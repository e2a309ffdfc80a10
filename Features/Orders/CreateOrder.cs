using System.Security.Cryptography;
using ECommerce.Features.Orders.Drafts;
using ECommerce.Features.Orders.States;
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
        var invalid = await OrderReferences.From(draft).UnknownAsync(tx.Db, before: null, ct);
        var lines = await draft.PriceAsync(tx.Db, before: [], invalid, ct);
        if (invalid.Count > 0)
            return Problems.Invalid(invalid);
        if (await tx.Db.OrderStates.NumberedAsync(shopId: null, OrderStates.Waiting, ct) is not { } state)
            return Problems.Conflict("no_initial_state", "No order state has the number 1, which new orders take.");
        if (draft.Totals(lines) is not { IsNegative: false } totals)
            return Problems.Invalid("total_discounts", "The discounts are higher than the order.");

        var now = time.GetUtcNow().UtcDateTime;
        var order = tx.Db.Add(
            new Order
            {
                CreatedBy = user.Id,
                DateAdd = now,
                DateUpd = now,
                LocalDate = zone.DayOf(now),
                Reference = NewReference(),
                Valid = state.Logable,
            }).Entity;
        draft.WriteTo(order);
        order.WriteAmounts(draft, totals);
        order.StateId = state.Id;
        order.AddLines(lines);
        order.RecordState(state, user, note: null, now);
        await tx.SaveAsync(ct);

        var created = await GetOrder.QueryAsync(tx.Db, order.Id, ct);
        return await tx.CommitCreatedAsync(http, $"/api/v1/orders/{order.Id}", created!, ct);
    }

    /// <summary>The amounts of the order with these lines.</summary>
    internal static OrderTotals Totals(this OrderDraft draft, IReadOnlyCollection<PricedLine> lines) =>
        OrderTotals.Calculate(
            lines, draft.TotalDiscounts, draft.TotalShipping, draft.CarrierTaxRate ?? ItalianVat.OrdinaryRate);

    // As shops make them: nine capital letters.
    private static string NewReference() => RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 9);
}
