
namespace ECommerce.Features.Orders;

/// <summary>A state that an order can take.</summary>
internal sealed record OrderStateRow(int Id, int? ShopId, int? Number, bool Paid);

internal static class OrderStates
{
    /// <summary>The state of new orders, by the number that it has among the tenant's own states, or among those of a shop.</summary>
    public const int Waiting = 1;

    /// <summary>The state that processing leads to.</summary>
    public const int TakenInCharge = 2;

    // An order stays among the states it comes from: the tenant's own (no shop), or its shop's, which can be pushed back to it.
    private const string ByNumber = """
        SELECT id, shop_id, number, paid FROM order_states
        WHERE tenant_id = @tenant AND shop_id <=> @shopId AND number = @number AND deleted_at IS NULL
        """;

    private const string ById = "SELECT id, shop_id, number, paid FROM order_states WHERE tenant_id = @tenant AND id = @id AND deleted_at IS NULL";

    private const string InsertHistory = """
        INSERT INTO order_history (tenant_id, order_id, state_id, user_id, note, date_add)
        VALUES (@tenant, @orderId, @stateId, @userId, @note, @now)
        """;

    public static Task<OrderStateRow?> StateByNumberAsync(
        this WriteTransaction tx, Tenant tenant, int? shopId, int number, CancellationToken ct) =>
        tx.SingleOrDefaultAsync<OrderStateRow>(ByNumber, new { tenant, shopId, number }, ct);

    public static Task<OrderStateRow?> StateByIdAsync(this WriteTransaction tx, Tenant tenant, int id, CancellationToken ct) =>
        tx.SingleOrDefaultAsync<OrderStateRow>(ById, new { tenant, id }, ct);

    public static Task RecordStateAsync(
        this WriteTransaction tx, Tenant tenant, long orderId, int stateId, CurrentUser user, string? note, DateTime now, CancellationToken ct) =>
        tx.ExecuteAsync(InsertHistory, new { tenant, orderId, stateId, userId = user.Id, note, now }, ct);
}
