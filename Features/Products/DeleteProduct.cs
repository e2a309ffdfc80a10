using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Products;

internal static class DeleteProduct
{
    private const string UsedBy = """
        SELECT o.id
        FROM order_lines l
        JOIN orders o ON o.tenant_id = l.tenant_id AND o.id = l.order_id AND o.deleted_at IS NULL
        WHERE l.tenant_id = @tenant AND l.product_id = @id
        LIMIT 1
        """;

    private const string Sql = """
        UPDATE products SET deleted_at = @now, row_version = row_version + 1
        WHERE tenant_id = @tenant AND id = @id
        """;

    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        long id, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions, TimeProvider time, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(ct);
        if (await tx.LockVersionAsync("products", tenant, id, ct) is not { } version)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(version))
            return Problems.PreconditionFailed();
        if (await tx.ScalarAsync<long?>(UsedBy, new { tenant, id }, ct) is { } order)
            return Problems.Conflict("product_in_use", $"Order {order} has a line with this product.");

        await tx.ExecuteAsync(Sql, new { tenant, id, now = time.GetUtcNow().UtcDateTime }, ct);
        tx.Invalidate(ProductsCaching.Changed(tenant, id));
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
