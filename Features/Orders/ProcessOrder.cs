using System.Data.Common;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Orders;

internal static class ProcessOrder
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private const string Exists = "SELECT COUNT(*) FROM orders WHERE tenant_id = @tenant AND id = @id AND deleted_at IS NULL";

    private const string LockState = "SELECT state_id FROM orders WHERE tenant_id = @tenant AND id = @id AND deleted_at IS NULL FOR UPDATE";

    // In the order of their ids, so that two orders with the same products do not wait for each other.
    private const string Needed = """
        SELECT product_id, MAX(product_name) AS name, CAST(SUM(product_quantity) AS SIGNED) AS quantity
        FROM order_lines
        WHERE tenant_id = @tenant AND order_id = @id AND product_id IS NOT NULL
        GROUP BY product_id
        ORDER BY product_id
        """;

    private const string TakeStock = """
        UPDATE products SET quantity = quantity - @Quantity, date_upd = @now, row_version = row_version + 1
        WHERE tenant_id = @tenant AND id = @ProductId AND deleted_at IS NULL AND quantity >= @Quantity
        """;

    private const string Sql = $"""
        UPDATE orders
        SET state_id = @stateId, is_paid = is_paid OR @paid, state_pending = state_pending OR origin_id IS NOT NULL,
            processed_at = @now, date_upd = @now, row_version = row_version + 1
        WHERE tenant_id = @tenant AND id = @id AND {BusinessLock.StillHeld}
        """;

    public static async Task<Results<Ok<OrderDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, Tenant tenant, CurrentUser user, DbDataSource db, BusinessLocks locks, WriteTransactions transactions, TimeProvider time, CancellationToken ct)
    {
        // Before the lock, so that ids of nothing leave no rows among the locks.
        await using (var connection = await db.OpenConnectionAsync(ct))
        {
            if (await connection.ExecuteScalarAsync<long>(new CommandDefinition(Exists, new { tenant, id }, cancellationToken: ct)) == 0)
                return TypedResults.NotFound();
        }
        await using var held = await locks.TryAcquireAsync($"lock:order:process:{tenant}:{id}", Lease, user.Name, ct);
        if (held is null)
            return Problems.Conflict("order_being_processed", "This order is being processed by another request.");

        await using var tx = await transactions.BeginAsync(ct);
        if (await tx.ScalarAsync<int?>(LockState, new { tenant, id }, ct) is not { } stateId)
            return TypedResults.NotFound();
        var state = await tx.StateByIdAsync(tenant, stateId, ct);
        var next = await tx.StateByNumberAsync(tenant, state?.ShopId, OrderStates.TakenInCharge, ct);
        if (state?.Number != OrderStates.Waiting || next is null)
            return Problems.Conflict("order_not_waiting", "Only an order in state 1 can be processed.");

        var now = time.GetUtcNow().UtcDateTime;
        foreach (var line in await tx.ListAsync<NeededStock>(Needed, new { tenant, id }, ct))
        {
            if (await tx.ExecuteAsync(TakeStock, new { tenant, line.ProductId, line.Quantity, now }, ct) == 0)
                return Problems.Conflict("not_enough_stock", $"There is not enough stock of product {line.ProductId} ({line.Name}): {line.Quantity} needed.");
            tx.Invalidate(Tags.Product(tenant, line.ProductId), Tags.Products(tenant));
        }
        if (await tx.ExecuteAsync(Sql, held.Guard(new { tenant, id, stateId = next.Id, paid = next.Paid, now }), ct) == 0)
            return Problems.Conflict("order_being_processed", "The lock was lost on the way; nothing was changed.");
        await tx.RecordStateAsync(tenant, id, next.Id, user, note: null, now, ct);
        tx.Invalidate(OrdersCaching.StatusChanged(tenant, id));

        var processed = await GetOrder.QueryAsync(tx.Connection, tenant, id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(processed!);
    }

    private sealed record NeededStock(long ProductId, string Name, long Quantity);
}
