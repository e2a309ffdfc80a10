using System.Linq.Expressions;
using ECommerce.Features.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Data;

/// <summary>Reads of one row by its id, translated once.</summary>
internal static class CompiledReads
{
    /// <summary>
    /// Compiles the read of a row that is not deleted, as a response shows it; null if there is none.
    /// </summary>
    public static Func<ECommerceDbContext, long, CancellationToken, Task<TShown?>> ById<TRow, TShown>(
        Expression<Func<TRow, TShown>> shown)
        where TRow : TenantRow<long>, IDeletableRow
        where TShown : class
    {
        // The tenant is a parameter: what a compiled query takes from its context it takes once, from the first one.
        Expression<Func<ECommerceDbContext, Tenant, long, IQueryable<TRow>>> rows =
            (db, tenant, id) =>
                db.All<TRow>().Where(row => row.Tenant == tenant && row.Id == id && row.DeletedAt == null);
        var projected = Expression.Call(
            typeof(Queryable), nameof(Queryable.Select), [typeof(TRow), typeof(TShown)], rows.Body, Expression.Quote(
                shown));
        // No SingleOrDefault: its LIMIT 2 would put the row into a derived table before a join with a collection, where
        // the server no longer sees that every join is by a constant key. The primary key already allows one row only.
        var compiled = EF.CompileAsyncQuery(
            Expression.Lambda<Func<ECommerceDbContext, Tenant, long, IQueryable<TShown>>>(
                projected, rows.Parameters));
        return async (db, id, ct) => await compiled(db, db.Tenant, id).SingleOrDefaultAsync(ct);
    }
}
