using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Customers;

internal static class UpdateCustomer
{
    public static async Task<Results<Ok<CustomerDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, CustomerDraft draft, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions,
        TimeProvider time, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Customers.Where(c => c.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } customer)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(customer.RowVersion))
            return Problems.PreconditionFailed();
        if (draft.LangId is { } lang && !await tx.Db.Langs.Where(l => l.Id == lang).ExistsForShareAsync(ct))
            return Problems.Invalid("lang_id", "There is no such language.");

        draft.WriteTo(customer, time.GetUtcNow().UtcDateTime);
        // Without its hash the next full synchronisation compares an imported row again and restores the shop's values.
        customer.OriginHash = null;
        await tx.SaveAsync(ct);

        var changed = await GetCustomer.QueryAsync(tx.Db, id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed!);
    }
}
