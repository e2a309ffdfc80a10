using System.Globalization;
using ECommerce.Features.Common.Audit;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Lookups;

/// <summary>Adds a row of the tenant's own to a lookup.</summary>
internal sealed class CreateLookup<TEntity, TRow, TDraft>(LookupWrite<TEntity, TRow, TDraft> write)
    where TEntity : Entity<int>, new()
    where TRow : class, ILookupRow
{
    public async Task<Results<Created<TRow>, ProblemHttpResult>> Handle(
        TDraft draft, Tenant tenant, CurrentUser user, WriteTransactions transactions, TimeProvider time,
        HttpContext http, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await write.FaultAsync(draft, tx.Db, 0, ct) is { } fault)
            return fault;

        var row = new TEntity();
        write.Apply(draft, row);
        tx.Db.Add(row);
        await tx.SaveAsync(ct);
        var created = await write.QueryAsync(tx.Db, row.Id, ct);
        await tx.AuditAsync(
            user, ChangeAudit.Create, write.Lookup.Name, row.Id.ToString(CultureInfo.InvariantCulture),
            time.GetUtcNow().UtcDateTime, ct);
        return await tx.CommitCreatedAsync(http, $"/api/v1/{write.Lookup.Name}/{row.Id}", created, ct);
    }
}
