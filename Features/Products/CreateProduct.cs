using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Products;

internal static class CreateProduct
{
    public static async Task<Results<Created<ProductDetails>, ProblemHttpResult>> Handle(
        ProductDraft draft, Tenant tenant, WriteTransactions transactions, TimeProvider time, HttpContext http,
        CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await draft.UnknownReferencesAsync(tx.Db, ct) is { } invalid)
            return invalid;

        var now = time.GetUtcNow().UtcDateTime;
        var product = tx.Db.Add(new Product { DateAdd = now }).Entity;
        draft.WriteTo(product, now);
        await tx.SaveAsync(ct);

        var created = await GetProduct.QueryAsync(tx.Db, product.Id, ct);
        return await tx.CommitCreatedAsync(http, $"/api/v1/products/{product.Id}", created!, ct);
    }
}
