using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Lookups;

/// <summary>The two reads of a lookup. One row is taken out of the whole, which is in memory anyway.</summary>
internal sealed class ReadLookup<TEntity, TRow>(Lookup<TEntity, TRow> lookup)
    where TEntity : Entity<int>
    where TRow : class, ILookupRow
{
    public async Task<Ok<PagedResult<TRow>>> HandleAll(
        Tenant tenant, HybridCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var rows = await RowsAsync(tenant, cache, contexts, ct);
        return TypedResults.Ok(new PagedResult<TRow>(rows, rows.Count, Page: 1, Limit: rows.Count));
    }

    public async Task<Results<Ok<TRow>, NotFound>> HandleOne(
        int id, Tenant tenant, HybridCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var rows = await RowsAsync(tenant, cache, contexts, ct);
        return rows.FirstOrDefault(row => row.Id == id) is { } found ? TypedResults.Ok(found) : TypedResults.NotFound();
    }

    private ValueTask<IReadOnlyList<TRow>> RowsAsync(
        Tenant tenant, HybridCache cache, TenantDbContexts contexts, CancellationToken ct) =>
        cache.GetOrCreateAsync(
            lookup.Policy.Key(tenant), (contexts, tenant, lookup.Shown),
            static async ValueTask<IReadOnlyList<TRow>> (state, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                return await db.Present<TEntity>().OrderBy(row => row.Id).Select(state.Shown).ToListAsync(ct);
            },
            lookup.Policy.Options, cancellationToken: ct);
}
