using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Orders;

internal static class DeleteOrder
{
    private const string Sql = """
        UPDATE orders SET deleted_at = @now, row_version = row_version + 1
        WHERE tenant_id = @tenant AND id = @id
        """;

    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        long id, IfMatch ifMatch, Tenant tenant, WriteTransactions transactions, TimeProvider time, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(ct);
        if (await tx.LockVersionAsync("orders", tenant, id, ct) is not { } version)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(version))
            return Problems.PreconditionFailed();

        await tx.ExecuteAsync(Sql, new { tenant, id, now = time.GetUtcNow().UtcDateTime }, ct);
        tx.Invalidate(OrdersCaching.Changed(tenant, id));
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
