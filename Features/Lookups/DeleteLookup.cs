using System.Globalization;
using ECommerce.Features.Common.Audit;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Lookups;

/// <summary>Deletes a row of the tenant's own that nothing uses.</summary>
internal sealed class DeleteLookup<TEntity, TRow, TDraft>(LookupWrite<TEntity, TRow, TDraft> write)
    where TEntity : Entity<int>, new()
    where TRow : class, ILookupRow
{
    public async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        int id, IfMatch ifMatch, Tenant tenant, CurrentUser user, WriteTransactions transactions, TimeProvider time,
        CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        // Locked first: a write that refers to the row has locked it too, and is seen when it has committed.
        if (await tx.Db.Present<TEntity>().Where(r => r.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } row)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(row.RowVersion))
            return Problems.PreconditionFailed();
        if (LookupProblems.OfShop(row) is { } readOnly)
            return readOnly;
        if ((write.Needed(row) ?? await write.UserOfAsync(tx.Db, id, ct)) is { } reason)
            return Problems.Conflict("row_in_use", reason);

        var now = time.GetUtcNow().UtcDateTime;
        row.DeletedAt = now;
        await tx.AuditAsync(
            user, ChangeAudit.Delete, write.Lookup.Name, id.ToString(CultureInfo.InvariantCulture), now, ct);
        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
