using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Quotes;

/// <summary>
/// Makes an order of a quote, once: with the prices and amounts of the quote, whatever the products cost by now. The
/// response is that of POST /orders.
/// </summary>
internal static class ConvertQuote
{
    public static async Task<Results<Created<OrderDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, IfMatch ifMatch, Tenant tenant, CurrentUser user, WriteTransactions transactions, TimeProvider time,
        ShopTimeZone zone, HttpContext http, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Quotes.Where(q => q.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } quote)
            return TypedResults.NotFound();
        // Before If-Match: a client that repeats a conversion learns its order and not only that the quote has changed.
        if (quote.OrderId is { } known)
            return QuoteConversion.Done(known);
        if (!ifMatch.Allows(quote.RowVersion))
            return Problems.PreconditionFailed();
        if (await OrderWriter.FirstStateAsync(tx.Db, ct) is not { } state)
            return OrderStates.NoFirstState();

        var now = time.GetUtcNow().UtcDateTime;
        var order = tx.Db.AddOrder(state, user, now, zone);
        order.CopyFrom(quote);
        var lines = await tx.Db.QuoteLines.Where(line => line.QuoteId == id).OrderBy(line => line.Id).ToListAsync(ct);
        order.AddLines(lines.Select(SalesLines.Priced));
        // The order has its id only now.
        await tx.SaveAsync(ct);
        quote.OrderId = order.Id;
        quote.ConvertedAt = now;
        quote.ConvertedBy = user.Id;
        quote.DateUpd = now;
        await tx.SaveAsync(ct);

        var created = await OrderReader.FindAsync(tx.Db, order.Id, ct);
        return await tx.CommitCreatedAsync(http, $"/api/v1/orders/{order.Id}", created!, ct);
    }
}
