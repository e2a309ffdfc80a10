using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Customers;

internal static class CreateCustomer
{
    private const string Sql = """
        INSERT INTO customers (tenant_id, firstname, lastname, email, company, website, newsletter, optin, is_guest, active, lang_id, notes,
                               date_add, date_upd)
        VALUES (@tenant, @Firstname, @Lastname, @Email, @Company, @Website, @Newsletter, @Optin, @IsGuest, @Active, @LangId, @Notes, @now, @now)
        """;

    public static async Task<Results<Created<CustomerDetails>, ProblemHttpResult>> Handle(
        CustomerDraft customer, Tenant tenant, WriteTransactions transactions, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(ct);
        if (customer.LangId is { } lang && !await tx.ExistsAsync("langs", tenant, lang, ct))
            return Problems.Invalid("lang_id", "There is no such language.");

        var id = await tx.InsertAsync(Sql, customer.Row(tenant, time), ct);
        tx.Invalidate(CustomersCaching.Changed(tenant, id));

        var created = await GetCustomer.QueryAsync(tx.Connection, tenant, id, ct);
        return await tx.CommitCreatedAsync(http, $"/api/v1/customers/{id}", created!, ct);
    }
}
