using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Orders;

public sealed record StatusChange(int StateId, string? Note);

internal sealed class StatusChangeValidator : AbstractValidator<StatusChange>
{
    public StatusChangeValidator()
    {
        RuleFor(change => change.StateId).GreaterThan(0);
        RuleFor(change => change.Note).MaximumLength(1000);
    }
}

internal static class ChangeOrderStatus
{
    // A state that the shop does not know of yet waits to be pushed; until then the synchronisation leaves it alone.
    private const string Sql = """
        UPDATE orders
        SET state_id = @stateId, is_paid = is_paid OR @paid, state_pending = state_pending OR origin_id IS NOT NULL,
            date_upd = @now, row_version = row_version + 1
        WHERE tenant_id = @tenant AND id = @id
        """;

    public static async Task<Results<Ok<OrderDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, StatusChange change, IfMatch ifMatch, Tenant tenant, CurrentUser user, WriteTransactions transactions, TimeProvider time, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(ct);
        if (await tx.LockVersionAsync("orders", tenant, id, ct) is not { } version)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(version))
            return Problems.PreconditionFailed();
        if (await tx.StateByIdAsync(tenant, change.StateId, ct) is not { } state)
            return Problems.Invalid("state_id", "There is no such order state.");

        var now = time.GetUtcNow().UtcDateTime;
        await tx.ExecuteAsync(Sql, new { tenant, id, stateId = state.Id, paid = state.Paid, now }, ct);
        await tx.RecordStateAsync(tenant, id, state.Id, user, change.Note, now, ct);
        tx.Invalidate(OrdersCaching.StatusChanged(tenant, id));

        var changed = await GetOrder.QueryAsync(tx.Connection, tenant, id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed!);
    }
}
