using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Quotes;

/// <summary>
/// Makes a new quote of today with the lines and amounts of another one, converted or not, and as many days of
/// validity. What is deleted by now, an address or a carrier, is left out.
/// </summary>
internal static class DuplicateQuote
{
    public static async Task<Results<Created<QuoteDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, IfMatch ifMatch, Tenant tenant, CurrentUser user, WriteTransactions transactions,
        DocumentNumbers numbers, HttpContext http, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Quotes.Where(q => q.Id == id).ForShare().SingleOrDefaultAsync(ct) is not { } original)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(original.RowVersion))
            return Problems.PreconditionFailed();
        var unknown = await SalesReferences.From(original).UnknownAsync(tx.Db, before: null, ct);
        if (unknown.ContainsKey("customer_id"))
            return Problems.Conflict("customer_deleted", $"Customer {original.CustomerId} has been deleted.");

        var quote = new Quote { CreatedBy = user.Id };
        quote.CopyFrom(original);
        LeaveOut(quote, unknown.Keys);
        var lines = await tx.Db.QuoteLines.Where(line => line.QuoteId == id).OrderBy(line => line.Id).ToListAsync(ct);
        quote.AddLines(lines.Select(SalesLines.Priced));
        quote.Take(await numbers.TakeAsync(tx, DocumentKinds.Quote, ct));
        quote.ValidUntil = original.ValidUntil is { } end
            ? quote.LocalDate.AddDays(Math.Min(
                end.DayNumber - original.LocalDate.DayNumber, DateOnly.MaxValue.DayNumber - quote.LocalDate.DayNumber))
            : null;
        tx.Db.Add(quote);
        await tx.SaveAsync(ct);

        var created = await GetQuote.QueryAsync(tx.Db, quote.Id, ct);
        return await tx.CommitCreatedAsync(http, $"/api/v1/quotes/{quote.Id}", created!, ct);
    }

    private static void LeaveOut(Quote quote, IEnumerable<string> unknown)
    {
        foreach (var field in unknown)
        {
            _ = field switch
            {
                "address_delivery_id" => quote.AddressDeliveryId = null,
                "address_invoice_id" => quote.AddressInvoiceId = null,
                "carrier_id" => quote.CarrierId = null,
                "lang_id" => quote.LangId = null,
                "assigned_to" => quote.AssignedTo = null,
                _ => throw new NotSupportedException($"{field} of a quote cannot be left out."),
            };
        }
    }
}
