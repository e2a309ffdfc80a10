using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Products;

internal static class CreateProduct
{
    private const string Sql = """
        INSERT INTO products (tenant_id, name, reference, ean13, price, vat_rate, wholesale_price, weight, quantity, active,
                              category_id, brand_id, description_short, date_add, date_upd)
        VALUES (@tenant, @Name, @Reference, @Ean13, @Price, @VatRate, @WholesalePrice, @Weight, @Quantity, @Active,
                @CategoryId, @BrandId, @DescriptionShort, @now, @now)
        """;

    public static async Task<Results<Created<ProductDetails>, ProblemHttpResult>> Handle(
        ProductDraft product, Tenant tenant, WriteTransactions transactions, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(ct);
        if (await product.UnknownReferencesAsync(tx, tenant, ct) is { } invalid)
            return invalid;

        var id = await tx.InsertAsync(Sql, product.Row(tenant, time), ct);
        tx.Invalidate(ProductsCaching.Changed(tenant, id));

        var created = await GetProduct.QueryAsync(tx.Connection, tenant, id, ct);
        return await tx.CommitCreatedAsync(http, $"/api/v1/products/{id}", created!, ct);
    }
}
