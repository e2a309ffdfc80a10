using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Customers;

internal static class DeleteCustomer
{
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        long id, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions, TimeProvider time,
        CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Customers.Where(c => c.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } customer)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(customer.RowVersion))
            return Problems.PreconditionFailed();
        if (await tx.Db.Orders.Where(o => o.CustomerId == id).Select(o => (long?)o.Id).FirstOrDefaultAsync(
            ct) is { } order)
        {
            return Problems.Conflict("customer_in_use", $"Order {order} is this customer's.");
        }

        if (await tx.Db.Quotes.Where(q => q.CustomerId == id).Select(q => q.Reference).FirstOrDefaultAsync(
            ct) is { } quote)
        {
            return Problems.Conflict("customer_in_use", $"Quote {quote} is this customer's.");
        }

        // Addresses belong to their customer, so they are deleted with it.
        customer.DeletedAt = time.GetUtcNow().UtcDateTime;
        foreach (var address in await tx.Db.Addresses.Where(a => a.CustomerId == id).ForUpdate().ToListAsync(ct))
            address.DeletedAt = customer.DeletedAt;
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
