using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Customers;

internal static class UpdateCustomer
{
    // Without its hash the next full synchronisation compares an imported row again and restores what the shop says.
    private const string Sql = """
        UPDATE customers
        SET firstname = @Firstname, lastname = @Lastname, email = @Email, company = @Company, website = @Website, newsletter = @Newsletter,
            optin = @Optin, is_guest = @IsGuest, active = @Active, lang_id = @LangId, notes = @Notes, date_upd = @now,
            origin_hash = NULL, row_version = row_version + 1
        WHERE tenant_id = @tenant AND id = @id
        """;

    public static async Task<Results<Ok<CustomerDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, CustomerDraft customer, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions, TimeProvider time, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(ct);
        if (await tx.LockVersionAsync("customers", tenant, id, ct) is not { } version)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(version))
            return Problems.PreconditionFailed();
        if (customer.LangId is { } lang && !await tx.ExistsAsync("langs", tenant, lang, ct))
            return Problems.Invalid("lang_id", "There is no such language.");

        var row = customer.Row(tenant, time);
        row.Add("id", id);
        await tx.ExecuteAsync(Sql, row, ct);
        tx.Invalidate(CustomersCaching.Changed(tenant, id));

        var changed = await GetCustomer.QueryAsync(tx.Connection, tenant, id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed!);
    }
}
