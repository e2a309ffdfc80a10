using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Products;

internal static class UpdateProduct
{
    public static async Task<Results<Ok<ProductDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, ProductDraft draft, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions, TimeProvider time,
        CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Products.Where(p => p.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } product)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(product.RowVersion))
            return Problems.PreconditionFailed();
        if (await draft.UnknownReferencesAsync(tx.Db, ct) is { } invalid)
            return invalid;

        draft.WriteTo(product, time.GetUtcNow().UtcDateTime);
        // Without its hash the next full synchronisation compares an imported row again and restores the shop's values.
        product.OriginHash = null;
        await tx.SaveAsync(ct);

        var changed = await GetProduct.QueryAsync(tx.Db, id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed!);
    }
}
