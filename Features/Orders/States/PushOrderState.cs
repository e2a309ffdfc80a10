using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders.States;

/// <summary>Cancel: the state that is not pushed yet is given up; the shop's own follows with its next sync.</summary>
public sealed record StatePushRequest(bool Cancel = false);

/// <summary>
/// Pushes the state of a shop's order to the shop again, after a failure or whenever the two may differ, or cancels the
/// push that waits or has failed.
/// </summary>
internal static class PushOrderState
{
    public static async Task<Results<Accepted<OrderDetails>, Ok<OrderDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, StatePushRequest? request, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions,
        StatePushSignal signal, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Orders.Where(o => o.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } order)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(order.RowVersion))
            return Problems.PreconditionFailed();
        if (order.OriginId is null)
            return Problems.Conflict("order_has_no_shop", "The order was made here: there is no shop to push it to.");

        if (request is { Cancel: true })
        {
            if (!await order.CancelPushAsync(tx.Db, ct))
                return Problems.Conflict("no_state_push", "No state of the order waits to be pushed or has failed to.");
            await tx.SaveAsync(ct);
            return await tx.CommitOkAsync(http, (await OrderReader.FindAsync(tx.Db, id, ct))!, ct);
        }

        // One that waits is not made again: it may be under way.
        if (!await IsWaitingAsync(tx.Db, order, ct))
        {
            if (await tx.Db.OrderStates.SingleOrDefaultAsync(s => s.Id == order.StateId, ct) is not { } state
                || !order.IsPushable(state))
            {
                return Problems.Conflict("state_not_of_shop", "The state of the order is none that its shop has.");
            }
            order.Push(state, change: null, time.GetUtcNow().UtcDateTime);
            await tx.SaveAsync(ct);
        }
        var pushed = await OrderReader.FindAsync(tx.Db, id, ct);
        var location = $"/api/v1/orders/{id}";
        await tx.CommitRepeatableAsync(http, StatusCodes.Status202Accepted, location, pushed!, ct);
        signal.Wake();
        return TypedResults.Accepted(location, pushed);
    }

    private static async Task<bool> IsWaitingAsync(ECommerceDbContext db, Order order, CancellationToken ct) =>
        order.StatePushId is { } last
        && await db.OrderStatePushes.AnyAsync(push => push.Id == last && push.Status == PushStatus.Pending, ct);
}
