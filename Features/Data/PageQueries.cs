using System.Linq.Expressions;
using ECommerce.Features.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Data;

/// <summary>What lists have in common.</summary>
internal static class PageQueries
{
    /// <summary>
    /// One page of rows, and how many there are in all: one statement, so that the two agree. The limit comes before
    /// the joins of <paramref name="item"/>, which are made for the rows of the page only.
    /// </summary>
    public static async ValueTask<PagedResult<TItem>> PageAsync<TRow, TItem>(
        this ECommerceDbContext db,
        IQueryable<TRow> rows, ListQuery query, Func<IQueryable<TRow>, IQueryable<TRow>> order,
        Expression<Func<TRow, TItem>> item, CancellationToken ct)
    {
        var page = order(rows).Skip((int)query.Offset).Take(query.Limit).Select(item)
            .Select(shown => new Counted<TItem>(shown, rows.LongCount()));
        var found = await page.ToListAsync(ct);
        if (found.Count > 0 || query.Page == 1)
            return Result(found, found.Count > 0 ? found[0].Total : 0);

        // Past the end there is no row that could carry the total.
        return await TenantDbContexts.InSnapshotAsync(
            db, async () => Result(await page.ToListAsync(ct), await rows.LongCountAsync(ct)), ct);

        PagedResult<TItem> Result(List<Counted<TItem>> counted, long total) =>
            new([.. counted.Select(row => row.Item)], total, query.Page, query.Limit);
    }

    /// <summary>The id makes the order total, so that no row is shown on two pages.</summary>
    public static IQueryable<TRow> By<TRow, TKey>(
        this IQueryable<TRow> rows, Expression<Func<TRow, TKey>> column, string direction)
        where TRow : TenantRow<long> =>
        direction == "asc"
            ? rows.OrderBy(column).ThenBy(row => row.Id)
            : rows.OrderByDescending(column).ThenByDescending(row => row.Id);

    private sealed record Counted<TItem>(TItem Item, long Total);
}
