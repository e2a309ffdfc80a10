using System.Text.Json.Serialization;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders;

/// <summary>The fields of an order that no shop knows. A member that is missing stays; null empties it.</summary>
public sealed record OrderPatch
{
    public string? Notes
    {
        get;
        init => (field, HasNotes) = (value, true);
    }

    public int? AssignedTo
    {
        get;
        init => (field, HasAssignedTo) = (value, true);
    }

    [JsonIgnore]
    internal bool HasNotes { get; private init; }

    [JsonIgnore]
    internal bool HasAssignedTo { get; private init; }
}

internal sealed class OrderPatchValidator : AbstractValidator<OrderPatch>
{
    public OrderPatchValidator() => RuleFor(patch => patch.Notes).MaximumLength(4000).Lines();
}

internal static class PatchOrder
{
    public static async Task<Results<Ok<OrderDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, OrderPatch patch, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions, TimeProvider time,
        CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Orders.Where(o => o.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } order)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(order.RowVersion))
            return Problems.PreconditionFailed();

        var assignedTo = patch.HasAssignedTo ? patch.AssignedTo : order.AssignedTo;
        if (assignedTo is { } user && user != order.AssignedTo
            && !await tx.Db.Users.AnyAsync(u => u.Id == user && u.IsActive, ct))
        {
            return Problems.Invalid("assigned_to", "There is no such user.");
        }

        order.AssignedTo = assignedTo;
        order.Notes = patch.HasNotes ? patch.Notes : order.Notes;
        if (tx.Db.ChangeTracker.HasChanges() && order.OriginId is null)
            order.DateUpd = time.GetUtcNow().UtcDateTime;
        await tx.SaveAsync(ct);

        var changed = await OrderReader.FindAsync(tx.Db, id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed!);
    }
}
