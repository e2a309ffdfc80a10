using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Addresses;

/// <summary>
/// Replaces an address. Orders keep the one that they were made with; quotes that are no orders yet show the new one.
/// </summary>
internal static class UpdateAddress
{
    public static async Task<Results<Ok<AddressDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, AddressDraft draft, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions,
        TimeProvider time, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Addresses.Where(a => a.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } address)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(address.RowVersion))
            return Problems.PreconditionFailed();
        // Orders and quotes name an address of their customer.
        if (draft.CustomerId != address.CustomerId)
            return Problems.Invalid("customer_id", "An address stays with its customer.");
        if (await draft.InvalidAsync(tx.Db, ct) is { Count: > 0 } invalid)
            return Problems.Invalid(invalid);

        var now = time.GetUtcNow().UtcDateTime;
        await AddressesOfOrders.KeepAsync(tx, address, now, ct);
        draft.WriteTo(address, now);
        // Without its hash the next full synchronisation compares an imported row again and restores the shop's values.
        address.OriginHash = null;
        await tx.SaveAsync(ct);

        var changed = await GetAddress.QueryAsync(tx.Db, id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed!);
    }
}
