using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Addresses;

internal static class CreateAddress
{
    public static async Task<Results<Created<AddressDetails>, ProblemHttpResult>> Handle(
        AddressDraft draft, Tenant tenant, WriteTransactions transactions, TimeProvider time, HttpContext http,
        CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await draft.InvalidAsync(tx.Db, ct) is { Count: > 0 } invalid)
            return Problems.Invalid(invalid);

        var now = time.GetUtcNow().UtcDateTime;
        var address = tx.Db.Add(new Address { DateAdd = now }).Entity;
        draft.WriteTo(address, now);
        await tx.SaveAsync(ct);

        var created = await GetAddress.QueryAsync(tx.Db, address.Id, ct);
        return await tx.CommitCreatedAsync(http, $"/api/v1/addresses/{address.Id}", created!, ct);
    }
}
