using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Quotes;

/// <summary>Replaces a quote that is no order yet. What repeats the stored quote writes nothing.</summary>
internal static class UpdateQuote
{
    public static async Task<Results<Ok<QuoteDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, QuoteDraft draft, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions, TimeProvider time,
        CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Quotes.Where(q => q.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } quote)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(quote.RowVersion))
            return Problems.PreconditionFailed();
        if (quote.OrderId is { } order)
            return QuoteConversion.Done(order);

        var invalid = await SalesReferences.From(draft).UnknownAsync(tx.Db, SalesReferences.From(quote), ct);
        var before = await tx.Db.QuoteLines.Where(line => line.QuoteId == id).OrderBy(line => line.Id).ForUpdate()
            .ToListAsync(ct);
        var lines = await draft.PriceAsync(tx.Db, before, invalid, ct);
        draft.CheckValidity(quote.LocalDate, invalid);
        if (invalid.Count > 0)
            return Problems.Invalid(invalid);
        if (draft.Totals(lines) is not { IsNegative: false } totals)
            return OrderTotals.TooManyDiscounts();

        draft.WriteTo(quote);
        quote.FillAmounts(draft, totals);
        if (!before.Select(SalesLines.Priced).SequenceEqual(lines))
        {
            tx.Db.RemoveRange(before);
            quote.AddLines(lines);
        }
        if (tx.Db.ChangeTracker.HasChanges())
            quote.DateUpd = time.GetUtcNow().UtcDateTime;
        await tx.SaveAsync(ct);

        var changed = await GetQuote.QueryAsync(tx.Db, id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed!);
    }
}
