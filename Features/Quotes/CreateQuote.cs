using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Quotes;

internal static class CreateQuote
{
    public static async Task<Results<Created<QuoteDetails>, ProblemHttpResult>> Handle(
        QuoteDraft draft, Tenant tenant, CurrentUser user, WriteTransactions transactions, DocumentNumbers numbers,
        TimeProvider time, ShopTimeZone zone, HttpContext http, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        var invalid = await SalesReferences.From(draft).UnknownAsync(tx.Db, before: null, ct);
        var lines = await draft.PriceAsync(tx.Db, before: [], invalid, ct);
        draft.CheckValidity(zone.DayOf(time.GetUtcNow().UtcDateTime), invalid);
        if (invalid.Count > 0)
            return Problems.Invalid(invalid);
        if (draft.Totals(lines) is not { IsNegative: false } totals)
            return OrderTotals.TooManyDiscounts();

        var quote = new Quote { CreatedBy = user.Id };
        draft.WriteTo(quote);
        quote.FillAmounts(draft, totals);
        quote.AddLines(lines);
        // Last: other quotes of the tenant wait from here on.
        quote.Take(await numbers.TakeAsync(tx, DocumentKinds.Quote, ct));
        tx.Db.Add(quote);
        await tx.SaveAsync(ct);

        var created = await GetQuote.QueryAsync(tx.Db, quote.Id, ct);
        return await tx.CommitCreatedAsync(http, $"/api/v1/quotes/{quote.Id}", created!, ct);
    }
}
