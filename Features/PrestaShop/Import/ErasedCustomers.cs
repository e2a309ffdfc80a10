namespace ECommerce.Features.PrestaShop.Import;

/// <summary>Customers whose personal data were erased here: the shop does not bring them back.</summary>
internal static class ErasedCustomers
{
    // Locked: an erasure that begins now waits for the import, and finds what it has written.
    private const string Sql = """
        SELECT origin_id
        FROM customers
        WHERE tenant_id = @tenant AND shop_id = @shopId AND origin_id IN @origins AND erased_at IS NOT NULL
        LOCK IN SHARE MODE
        """;

    /// <summary>Which of these customers of a shop are erased, by their ids there.</summary>
    public static async Task<IReadOnlySet<long>> ErasedCustomersAsync(
        this WriteTransaction tx, Tenant tenant, int shopId, IEnumerable<long> customers, CancellationToken ct)
    {
        var origins = customers.Distinct().ToArray();
        return origins.Length == 0
            ? new HashSet<long>()
            : (await tx.ListAsync<long>(Sql, new { tenant, shopId, origins }, ct)).ToHashSet();
    }
}
