using ECommerce.Features.Data.Entities;

namespace ECommerce.Features.PrestaShop.Import.Orders;

/// <summary>
/// Rows for what an order names and the shop does not have: a customer or a state that was deleted, or the id 0. Lists
/// do not show them, orders do. Should the shop have it later, the row is filled by the next run like any other.
/// </summary>
internal static class Placeholders
{
    // No values have this hash, so the row is compared with the shop's whenever the shop has it.
    private static readonly byte[] Hash = new byte[16];

    /// <summary>The local id, and whether the row is a placeholder.</summary>
    public sealed record Found
    {
        public long Id { get; init; }

        public long OriginId { get; init; }

        public bool IsPlaceholder { get; init; }

        public bool Paid { get; init; }
    }

    public static async Task<IReadOnlyDictionary<long, Found>> CustomersAsync(
        WriteTransaction tx, Tenant tenant, int shopId, IEnumerable<long> origins, CancellationToken ct)
    {
        const string Insert = """
            INSERT INTO customers (tenant_id, shop_id, origin_id, origin_hash, firstname, lastname, email, active,
                                   gone_in_shop, deleted_at, date_add, date_upd)
            """;
        var (known, missing) = await FindAsync(tx, "customers", "FALSE", tenant, shopId, origins, ct);
        if (missing.Length == 0)
            return known;
        await tx.InsertAllAsync(Insert, 12, [.. missing.Select(origin => (object?[])
        [
            tenant.Slug, shopId, origin, Hash, "Unknown", $"customer {origin}", "", false, true,
            DateTime.UnixEpoch, DateTime.UnixEpoch, DateTime.UnixEpoch,
        ])], "", ct);
        (known, _) = await FindAsync(tx, "customers", "FALSE", tenant, shopId, origins, ct);
        foreach (var origin in missing)
            tx.AddTagsOf(new Customer { Tenant = tenant, Id = known[origin].Id });
        return known;
    }

    public static async Task<IReadOnlyDictionary<long, Found>> StatesAsync(
        WriteTransaction tx, Tenant tenant, int shopId, IEnumerable<long> origins, CancellationToken ct)
    {
        const string Insert = "INSERT INTO order_states (tenant_id, shop_id, origin_id, origin_hash, name)";
        var (known, missing) = await FindAsync(tx, "order_states", "paid", tenant, shopId, origins, ct);
        if (missing.Length == 0)
            return known;
        await tx.InsertAllAsync(Insert, 5, [.. missing.Select(
            origin => (object?[])[tenant.Slug, shopId, origin, Hash, $"Unknown state {origin}"])], "", ct);
        tx.AddTagsOf(new OrderState { Tenant = tenant });
        return (await FindAsync(tx, "order_states", "paid", tenant, shopId, origins, ct)).Known;
    }

    private static async Task<(IReadOnlyDictionary<long, Found> Known, long[] Missing)> FindAsync(
        WriteTransaction tx, string table, string paid, Tenant tenant, int shopId, IEnumerable<long> origins,
        CancellationToken ct)
    {
        long[] wanted = [.. origins.Distinct()];
        if (wanted.Length == 0)
            return (new Dictionary<long, Found>(), []);
        var rows = await tx.ListAsync<Found>(
            $"""
            SELECT id, origin_id, COALESCE(origin_hash = @Hash, FALSE) AS is_placeholder, {paid} AS paid
            FROM {table}
            WHERE tenant_id = @tenant AND shop_id = @shopId AND origin_id IN @wanted
            """,
            new { tenant, shopId, wanted, Hash }, ct);
        var known = rows.ToDictionary(row => row.OriginId);
        return (known, [.. wanted.Where(origin => !known.ContainsKey(origin))]);
    }
}
