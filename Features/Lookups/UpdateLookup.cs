using System.Globalization;
using ECommerce.Features.Common.Audit;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Lookups;

/// <summary>Replaces a row of the tenant's own; those of a shop follow the shop.</summary>
internal sealed class UpdateLookup<TEntity, TRow, TDraft>(LookupWrite<TEntity, TRow, TDraft> write)
    where TEntity : Entity<int>, new()
    where TRow : class, ILookupRow
{
    public async Task<Results<Ok<TRow>, NotFound, ProblemHttpResult>> Handle(
        int id, TDraft draft, IfMatch ifMatch, Tenant tenant, CurrentUser user, WriteTransactions transactions,
        TimeProvider time, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Present<TEntity>().Where(r => r.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } row)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(row.RowVersion))
            return Problems.PreconditionFailed();
        if (LookupProblems.OfShop(row) is { } readOnly)
            return readOnly;
        if (await write.FaultAsync(draft, tx.Db, id, ct) is { } fault)
            return fault;

        write.Apply(draft, row);
        await tx.SaveAsync(ct);
        await tx.AuditAsync(
            user, ChangeAudit.Update, write.Lookup.Name, id.ToString(CultureInfo.InvariantCulture),
            time.GetUtcNow().UtcDateTime, ct);
        var changed = await write.QueryAsync(tx.Db, id, ct);
        await tx.CommitAsync(ct);
        return TypedResults.Ok(changed);
    }
}

internal static class LookupProblems
{
    // The next synchronisation would undo the change, or refer to the row again.
    public static ProblemHttpResult? OfShop(IImportedRow row) => row.OriginId is null
        ? null
        : Problems.Conflict("row_belongs_to_shop", $"This row is of shop {row.ShopId}, and is changed there.");
}
