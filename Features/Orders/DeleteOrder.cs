using ECommerce.Features.Database;
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
        long id, IfMatch ifMatch, Tenant tenant, Database.Database database, TimeProvider time, CancellationToken ct)
    {
        await using var work = await database.BeginAsync(ct);
        if (await work.LockVersionAsync("orders", tenant, id, ct) is not { } version)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(version))
            return Problems.PreconditionFailed();

        await work.ExecuteAsync(Sql, new { tenant, id, now = time.GetUtcNow().UtcDateTime }, ct);
        work.Invalidate(OrdersCaching.Changed(tenant, id));
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
