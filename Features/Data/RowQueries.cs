namespace ECommerce.Features.Data;

/// <summary>
/// What every entity's table has: a tenant, an id, a row version, a deletion mark. Table names are constants of the slices.
/// </summary>
internal static class RowQueries
{
    /// <summary>
    /// Locks a row until the end of the transaction and returns its version, so that comparing and writing are one step; null if there is
    /// none.
    /// </summary>
    public static Task<long?> LockVersionAsync(this WriteTransaction tx, string table, Tenant tenant, long id, CancellationToken ct) =>
        tx.ScalarAsync<long?>(
            $"SELECT row_version FROM {table} WHERE tenant_id = @tenant AND id = @id AND deleted_at IS NULL FOR UPDATE", new { tenant, id }, ct);

    /// <summary>Whether a row can be referred to. It stays so until the end of the transaction: a deletion has to wait.</summary>
    public static async Task<bool> ExistsAsync(this WriteTransaction tx, string table, Tenant tenant, long id, CancellationToken ct) =>
        await tx.ScalarAsync<long?>(
            $"SELECT id FROM {table} WHERE tenant_id = @tenant AND id = @id AND deleted_at IS NULL LOCK IN SHARE MODE", new { tenant, id }, ct) is not null;
}
