namespace ECommerce.Features.PrestaShop.Import;

/// <summary>Customers whose personal data were erased here: the shop does not bring them back.</summary>
internal static class ErasedCustomers
{
    // All of them are locked, and in the order of an erasure, customers before addresses: one that begins now waits for
    // the import, and finds what it has written.
    private const string Sql = """
        SELECT origin_id, erased_at IS NOT NULL AS is_erased
        FROM customers
        WHERE tenant_id = @tenant AND shop_id = @shopId AND origin_id IN @origins
        FOR UPDATE
        """;

    /// <summary>Which of these customers of a shop are erased, by their ids there.</summary>
    public static async Task<IReadOnlySet<long>> ErasedCustomersAsync(
        this WriteTransaction tx, Tenant tenant, int shopId, IEnumerable<long> customers, CancellationToken ct)
    {
        var origins = customers.Distinct().ToArray();
        if (origins.Length == 0)
            return new HashSet<long>();
        var rows = await tx.ListAsync<(long OriginId, bool IsErased)>(Sql, new { tenant, shopId, origins }, ct);
        return rows.Where(row => row.IsErased).Select(row => row.OriginId).ToHashSet();
    }
}
