using ECommerce.Features.Common.PersonalData;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Quotes.PersonalData;

/// <summary>What users have noted about a customer's quotes. The addresses of quotes are the customer's.</summary>
internal sealed class QuotePersonalData : IPersonalData
{
    public IReadOnlyDictionary<Type, IReadOnlyList<string>> Columns { get; } =
        new Dictionary<Type, IReadOnlyList<string>> { [typeof(Quote)] = [nameof(Quote.Notes)] };

    public async Task EraseAsync(WriteTransaction tx, ErasedCustomer customer, CancellationToken ct)
    {
        var quotes = await tx.Db.Rows<Quote>().Where(quote => quote.CustomerId == customer.Id).ForUpdate()
            .ToListAsync(ct);
        foreach (var quote in quotes)
            quote.Notes = null;
        await tx.ForgetResponsesAsync([.. quotes.Select(quote => $"/api/v1/quotes/{quote.Id}")], ct);
    }
}
