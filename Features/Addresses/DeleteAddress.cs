using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Addresses;

internal static class DeleteAddress
{
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        long id, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions, TimeProvider time,
        CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Addresses.Where(a => a.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } address)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(address.RowVersion))
            return Problems.PreconditionFailed();
        var orders = tx.Db.Orders.Where(o => o.AddressDeliveryId == id || o.AddressInvoiceId == id);
        if (await orders.Select(o => (long?)o.Id).FirstOrDefaultAsync(ct) is { } order)
            return Problems.Conflict("address_in_use", $"Order {order} has this address.");
        var quotes = tx.Db.Quotes.Where(q => q.AddressDeliveryId == id || q.AddressInvoiceId == id);
        if (await quotes.Select(q => q.Reference).FirstOrDefaultAsync(ct) is { } quote)
            return Problems.Conflict("address_in_use", $"Quote {quote} has this address.");

        address.DeletedAt = time.GetUtcNow().UtcDateTime;
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
