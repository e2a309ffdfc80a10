using System.Data.Common;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Lookups;

/// <summary>The two reads of a lookup. A single row is taken from the whole, which is in L1.</summary>
internal sealed class ReadLookup<TRow>(Lookup<TRow> lookup)
    where TRow : class, ILookupRow
{
    public async Task<Ok<PagedResult<TRow>>> HandleAll(
        Tenant tenant, HybridCache cache, DbDataSource db, CancellationToken ct)
    {
        var rows = await RowsAsync(tenant, cache, db, ct);
        return TypedResults.Ok(new PagedResult<TRow>(rows, rows.Count, Page: 1, Limit: rows.Count));
    }

    public async Task<Results<Ok<TRow>, NotFound>> HandleOne(
        int id, Tenant tenant, HybridCache cache, DbDataSource db, CancellationToken ct)
    {
        var rows = await RowsAsync(tenant, cache, db, ct);
        return rows.FirstOrDefault(row => row.Id == id) is { } found ? TypedResults.Ok(found) : TypedResults.NotFound();
    }

    private ValueTask<IReadOnlyList<TRow>> RowsAsync(
        Tenant tenant, HybridCache cache, DbDataSource db, CancellationToken ct) =>
        cache.GetOrCreateAsync(
            lookup.Policy.Key(tenant), (db, tenant, lookup.Sql),
            static async ValueTask<IReadOnlyList<TRow>> (state, ct) =>
            {
                await using var connection = await state.db.OpenConnectionAsync(ct);
                var rows = await connection.QueryAsync<TRow>(
                    new CommandDefinition(state.Sql, new { state.tenant }, cancellationToken: ct));
                return rows.AsList();
            },
            lookup.Policy.Options, cancellationToken: ct);
}
