using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders.States;

public sealed record StatusChange(int StateId, string? Note);

internal sealed class StatusChangeValidator : AbstractValidator<StatusChange>
{
    public StatusChangeValidator()
    {
        RuleFor(change => change.StateId).GreaterThan(0);
        RuleFor(change => change.Note).MaximumLength(1000).Lines();
    }
}

internal static class ChangeOrderStatus
{
    public static async Task<Results<Ok<OrderDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, StatusChange change, IfMatch ifMatch, Tenant tenant, CurrentUser user, WriteTransactions transactions,
        StatePushSignal pushes, TimeProvider time, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Orders.Where(o => o.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } order)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(order.RowVersion))
            return Problems.PreconditionFailed();
        if (await tx.Db.OrderStates.SingleOrDefaultAsync(s => s.Id == change.StateId, ct) is not { } state)
            return Problems.Invalid("state_id", "There is no such order state.");
        if (order.Refusal(state) is { } refusal)
            return refusal;

        order.MoveTo(state, user, change.Note, time.GetUtcNow().UtcDateTime);
        await tx.SaveAsync(ct);

        var changed = await OrderReader.FindAsync(tx.Db, id, ct);
        await tx.CommitAsync(ct);
        if (order.OriginId is not null)
            pushes.Wake();
        return TypedResults.Ok(changed!);
    }
}
