using ECommerce.Features.Common.PersonalData;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Quotes;

/// <summary>What users have written about a customer in quotes. The addresses of quotes are the customer's.</summary>
internal sealed class QuotePersonalData : IPersonalData
{
    private const int BatchSize = 500;

    public IReadOnlyDictionary<Type, IReadOnlyList<string>> Columns { get; } =
        new Dictionary<Type, IReadOnlyList<string>> { [typeof(Quote)] = [nameof(Quote.Notes)] };

    public async Task EraseAsync(WriteTransaction tx, ErasedCustomer customer, CancellationToken ct)
    {
        var ids = await tx.Db.Rows<Quote>().Where(q => q.CustomerId == customer.Id).Select(q => q.Id).ToListAsync(ct);
        foreach (var batch in ids.Order().Chunk(BatchSize))
        {
            foreach (var quote in await tx.Db.Rows<Quote>().Where(q => batch.Contains(q.Id) && q.Notes != null)
                .ForUpdate().ToListAsync(ct))
            {
                quote.Notes = null;
            }
            // They show the customer too.
            await tx.ForgetResponsesAsync([.. batch.Select(id => $"/api/v1/quotes/{id}")], ct);
        }
    }
}
