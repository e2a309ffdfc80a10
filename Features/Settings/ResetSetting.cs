using ECommerce.Features.Common.Audit;
using ECommerce.Features.Common.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Settings;

/// <summary>Deletes what a tenant has set: its default applies again. One that is not set is 404.</summary>
internal static class ResetSetting
{
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        string key, IfMatch ifMatch, Tenant tenant, CurrentUser user, WriteTransactions transactions,
        TimeProvider time, CancellationToken ct)
    {
        if (KnownSettings.Find(key) is not { } setting)
            return GetSetting.Unknown();

        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Settings.Where(s => s.Name == setting.Name).ForUpdate().SingleOrDefaultAsync(ct) is not { } row)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(row.RowVersion))
            return Problems.PreconditionFailed();

        var now = time.GetUtcNow().UtcDateTime;
        (row.Value, row.SecretValue) = (null, null);
        (row.ChangedAt, row.DeletedAt) = (now, now);
        await tx.AuditAsync(user, ChangeAudit.Delete, "settings", setting.Name, now, ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
