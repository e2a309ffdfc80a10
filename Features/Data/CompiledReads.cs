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
        Expression<Func<ECommerceDbContext, Tenant, long, CancellationToken, IQueryable<TRow>>> rows =
            (db, tenant, id, ct) =>
                db.All<TRow>().Where(row => row.Tenant == tenant && row.Id == id && row.DeletedAt == null);
        var projected = Expression.Call(
            typeof(Queryable), nameof(Queryable.Select), [typeof(TRow), typeof(TShown)], rows.Body, Expression.Quote(
                shown));
        var single = Expression.Call(typeof(Queryable), nameof(Queryable.SingleOrDefault), [typeof(TShown)], projected);
        var compiled = EF.CompileAsyncQuery(
            Expression.Lambda<Func<ECommerceDbContext, Tenant, long, CancellationToken, TShown?>>(
                single, rows.Parameters));
        return (db, id, ct) => compiled(db, db.Tenant, id, ct);
    }
}
