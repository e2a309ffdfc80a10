using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Products;

internal static class DeleteProduct
{
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        long id, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions, TimeProvider time,
        CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Products.Where(p => p.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } product)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(product.RowVersion))
            return Problems.PreconditionFailed();
        var usedBy = tx.Db.Orders.Where(
            o => tx.Db.OrderLines.Any(line => line.OrderId == o.Id && line.ProductId == id));
        if (await usedBy.Select(o => (long?)o.Id).FirstOrDefaultAsync(ct) is { } order)
            return Problems.Conflict("product_in_use", $"Order {order} has a line with this product.");
        var quoted = tx.Db.Quotes.Where(
            q => q.OrderId == null && tx.Db.QuoteLines.Any(line => line.QuoteId == q.Id && line.ProductId == id));
        if (await quoted.Select(q => q.Reference).FirstOrDefaultAsync(ct) is { } quote)
            return Problems.Conflict("product_in_use", $"Quote {quote} has a line with this product.");

        product.DeletedAt = time.GetUtcNow().UtcDateTime;
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
