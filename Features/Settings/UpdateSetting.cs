using System.Text.Json;
using ECommerce.Features.Common.Audit;
using ECommerce.Features.Common.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Settings;

/// <summary>Value: a text, a number or a flag, as the type of the setting demands.</summary>
public sealed record SettingChange(JsonElement Value);

internal static class UpdateSetting
{
    public static async Task<Results<Ok<SettingDetails>, ProblemHttpResult>> Handle(
        string key, SettingChange change, IfMatch ifMatch, Tenant tenant, CurrentUser user, SecretProtector secrets,
        WriteTransactions transactions, TimeProvider time, CancellationToken ct)
    {
        if (KnownSettings.Find(key) is not { } setting)
            return GetSetting.Unknown();
        if (!setting.TryWrite(change.Value, out var text, out var fault))
            return Problems.Invalid("value", fault);

        // As the column stores it, so that the response is what a read returns.
        var now = time.GetUtcNow().UtcDateTime;
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        await using var tx = await transactions.BeginAsync(tenant, ct);
        var row = await tx.LockSettingAsync(setting, now, ct);
        if (!ifMatch.Allows(row.RowVersion))
            return Problems.PreconditionFailed();
        if (setting is OrderStateSetting state && !await HasStateAsync(tx.Db, state.ValueOf(text), ct))
            return Problems.Invalid("value", "There is no such order state.");

        (row.Value, row.SecretValue) = setting.IsSecret
            ? (null, secrets.Protect(text, TenantSettings.Purpose(tenant, setting.Name)))
            : (text, (byte[]?)null);
        row.ChangedAt = now;
        row.DeletedAt = null;
        await tx.SaveAsync(ct);
        await tx.AuditAsync(user, ChangeAudit.Update, "settings", setting.Name, now, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(row.Show(setting));
    }

    private static Task<bool> HasStateAsync(ECommerceDbContext db, int? id, CancellationToken ct) =>
        db.OrderStates.Where(state => state.Id == id).ExistsForShareAsync(ct);
}
