using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Customers;

internal static class CreateCustomer
{
    public static async Task<Results<Created<CustomerDetails>, ProblemHttpResult>> Handle(
        CustomerDraft draft, Tenant tenant, WriteTransactions transactions, TimeProvider time, HttpContext http,
        CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (draft.LangId is { } lang && !await tx.Db.Langs.Where(l => l.Id == lang).ExistsForShareAsync(ct))
            return Problems.Invalid("lang_id", "There is no such language.");

        var now = time.GetUtcNow().UtcDateTime;
        var customer = tx.Db.Add(new Customer { DateAdd = now }).Entity;
        draft.WriteTo(customer, now);
        await tx.SaveAsync(ct);

        var created = await GetCustomer.QueryAsync(tx.Db, customer.Id, ct);
        return await tx.CommitCreatedAsync(http, $"/api/v1/customers/{customer.Id}", created!, ct);
    }
}
