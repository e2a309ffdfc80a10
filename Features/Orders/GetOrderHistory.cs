using System.Data.Common;
using Dapper;
using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Orders;

internal sealed record OrderHistoryEntry(
    long Id, int StateId, string StateName, int? UserId, string? Username, string? Note, DateTime DateAdd);

internal static class GetOrderHistory
{
    private const string OrderExists = "SELECT COUNT(*) FROM orders WHERE tenant_id = @tenant AND id = @id AND deleted_at IS NULL";

    private const string Sql = """
        SELECT h.id, h.state_id, s.name AS state_name, h.user_id, u.username, h.note, h.date_add
        FROM order_history h
        JOIN order_states s ON s.tenant_id = h.tenant_id AND s.id = h.state_id
        LEFT JOIN users u ON u.tenant_id = h.tenant_id AND u.id = h.user_id
        WHERE h.tenant_id = @tenant AND h.order_id = @id
        ORDER BY h.id DESC
        """;

    public static async Task<Results<Ok<PagedResult<OrderHistoryEntry>>, NotFound>> Handle(
        long id, Tenant tenant, MultiLevelCache cache, DbDataSource db, CancellationToken ct)
    {
        var history = await cache.GetOrCreateAsync(
            OrdersCaching.History.Key(tenant, id), (db, tenant, id),
            static async ValueTask<IReadOnlyList<OrderHistoryEntry>?> (state, entry, ct) =>
            {
                // Whether there is such an order is part of the answer.
                entry.DependsOn(OrdersCaching.Order.Key(state.tenant, state.id));
                var parameters = new { state.tenant, state.id };
                await using var connection = await state.db.OpenConnectionAsync(ct);
                if (await connection.ExecuteScalarAsync<long>(new CommandDefinition(OrderExists, parameters, cancellationToken: ct)) == 0)
                    return null;
                return (await connection.QueryAsync<OrderHistoryEntry>(new CommandDefinition(Sql, parameters, cancellationToken: ct))).AsList();
            },
            OrdersCaching.History, ct);

        return history is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(new PagedResult<OrderHistoryEntry>(history, history.Count, Page: 1, Limit: history.Count));
    }
}
