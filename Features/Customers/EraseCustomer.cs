using System.Globalization;
using ECommerce.Features.Common.Audit;
using ECommerce.Features.Common.PersonalData;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Customers;

/// <summary>
/// Replaces the personal data of a customer, also of a deleted one, in all tables but those of invoices. The rows stay:
/// orders and statistics go on counting them.
/// </summary>
internal static class EraseCustomer
{
    public static async Task<Results<Ok<CustomerDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, IfMatch ifMatch, Tenant tenant, CurrentUser user, IEnumerable<IPersonalData> features,
        WriteTransactions transactions, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        var rows = tx.Db.Rows<Customer>().Where(c => c.Id == id);
        if (await rows.ForUpdate().SingleOrDefaultAsync(ct) is not { } customer)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(customer.RowVersion))
            return Problems.PreconditionFailed();

        var erased = new ErasedCustomer(id, time.GetUtcNow().UtcDateTime);
        foreach (var feature in features)
            await feature.EraseAsync(tx, erased, ct);
        await tx.SaveAsync(ct);
        await tx.AuditAsync(
            user, ChangeAudit.Erase, "customers", id.ToString(CultureInfo.InvariantCulture), erased.Now, ct);
        var left = await rows.Select(GetCustomer.Details).SingleAsync(ct);
        return await tx.CommitOkAsync(http, left, ct);
    }
}
