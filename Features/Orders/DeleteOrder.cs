using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders;

internal static class DeleteOrder
{
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        long id, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions, TimeProvider time,
        CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Orders.Where(o => o.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } order)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(order.RowVersion))
            return Problems.PreconditionFailed();

        if (await tx.Db.Invoices.Where(i => i.OrderId == id).Select(i => i.Reference).FirstOrDefaultAsync(ct)
            is { } invoice)
        {
            return Problems.Conflict("order_in_use", $"Invoice {invoice} is of this order.");
        }

        order.DeletedAt = time.GetUtcNow().UtcDateTime;
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
