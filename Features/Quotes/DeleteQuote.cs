using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Quotes;

/// <summary>Deletes a quote that is no order yet. Its number is not given again.</summary>
internal static class DeleteQuote
{
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        long id, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions, TimeProvider time,
        CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Quotes.Where(q => q.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } quote)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(quote.RowVersion))
            return Problems.PreconditionFailed();
        if (quote.OrderId is { } order)
            return QuoteConversion.Done(order);

        quote.DeletedAt = time.GetUtcNow().UtcDateTime;
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
