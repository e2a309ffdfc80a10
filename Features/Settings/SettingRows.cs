using ECommerce.Features.Common.Settings;
using ECommerce.Features.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Settings;

internal static class SettingRows
{
    // Requests that set one setting for the first time insert one row: the others wait for it.
    private const string InsertEmpty = """
        INSERT IGNORE INTO settings (tenant_id, row_version, name, changed_at, deleted_at)
        VALUES (@Tenant, 0, @Name, @now, @now)
        """;

    /// <summary>The row of a setting, locked for a change; made, as one that is not set, where there is none.</summary>
    public static async Task<TenantSetting> LockSettingAsync(
        this WriteTransaction tx, Setting setting, DateTime now, CancellationToken ct)
    {
        if (await FindAsync(tx, setting, ct) is { } found)
            return found;
        await tx.ExecuteAsync(InsertEmpty, new { tx.Db.Tenant, setting.Name, now }, ct);
        return (await FindAsync(tx, setting, ct))!;
    }

    public static SettingDetails Show(this TenantSetting row, Setting setting) => SettingDetails.From(
        setting, new StoredSetting(row.Name, row.DeletedAt is null, row.Value, row.RowVersion, row.ChangedAt));

    private static Task<TenantSetting?> FindAsync(WriteTransaction tx, Setting setting, CancellationToken ct) =>
        tx.Db.Rows<TenantSetting>().Where(row => row.Name == setting.Name).ForUpdate().SingleOrDefaultAsync(ct);
}
