using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Products;

internal static class UpdateProduct
{
    // Without its hash the next full synchronisation compares an imported row again and restores what the shop says.
    internal const string Sql = """
        UPDATE products
        SET name = @Name, reference = @Reference, ean13 = @Ean13, price = @Price, vat_rate = @VatRate, wholesale_price = @WholesalePrice,
            weight = @Weight, quantity = @Quantity, active = @Active, category_id = @CategoryId, brand_id = @BrandId,
            description_short = @DescriptionShort, date_upd = @now, origin_hash = NULL, row_version = row_version + 1
        WHERE tenant_id = @tenant AND id = @id
        """;

    public static async Task<Results<Ok<ProductDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, ProductDraft product, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions, TimeProvider time, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(ct);
        if (await tx.LockVersionAsync("products", tenant, id, ct) is not { } version)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(version))
            return Problems.PreconditionFailed();
        if (await product.UnknownReferencesAsync(tx, tenant, ct) is { } invalid)
            return invalid;

        var row = product.Row(tenant, time);
        row.Add("id", id);
        await tx.ExecuteAsync(Sql, row, ct);
        tx.Invalidate(ProductsCaching.Changed(tenant, id));

        var changed = await GetProduct.QueryAsync(tx.Connection, tenant, id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed!);
    }
}
