using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Customers;

internal static class DeleteCustomer
{
    private const string UsedBy = "SELECT id FROM orders WHERE tenant_id = @tenant AND customer_id = @id AND deleted_at IS NULL LIMIT 1";

    private const string AddressesOf = "SELECT id FROM addresses WHERE tenant_id = @tenant AND customer_id = @id AND deleted_at IS NULL FOR UPDATE";

    private const string Sql = """
        UPDATE addresses SET deleted_at = @now, row_version = row_version + 1
        WHERE tenant_id = @tenant AND customer_id = @id AND deleted_at IS NULL;

        UPDATE customers SET deleted_at = @now, row_version = row_version + 1
        WHERE tenant_id = @tenant AND id = @id
        """;

    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        long id, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions, TimeProvider time, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(ct);
        if (await tx.LockVersionAsync("customers", tenant, id, ct) is not { } version)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(version))
            return Problems.PreconditionFailed();
        if (await tx.ScalarAsync<long?>(UsedBy, new { tenant, id }, ct) is { } order)
            return Problems.Conflict("customer_in_use", $"Order {order} is this customer's.");

        // Addresses are nobody's without their customer, so they go with it.
        var addresses = await tx.ListAsync<long>(AddressesOf, new { tenant, id }, ct);
        await tx.ExecuteAsync(Sql, new { tenant, id, now = time.GetUtcNow().UtcDateTime }, ct);
        tx.Invalidate(CustomersCaching.Changed(tenant, id));
        tx.Invalidate(CustomersCaching.Addresses.All(tenant));
        tx.Invalidate(addresses.Select(address => Tags.Address(tenant, address)));
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
