using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Data;

/// <summary>
/// Locks of rows until the end of the transaction, which LINQ has no words for: the command guard adds them to tagged
/// statements.
/// </summary>
internal static class RowLocks
{
    internal const string Update = "lock: update";
    internal const string Share = "lock: share";

    /// <summary>
    /// Reads rows that are going to be changed, so that comparing and writing are one step. Only such rows can be
    /// changed.
    /// </summary>
    public static IQueryable<T> ForUpdate<T>(this IQueryable<T> rows)
        where T : class => rows.TagWith(Update).AsTracking();

    /// <summary>Reads the rows as they are before a batch statement changes them.</summary>
    public static IQueryable<T> ForUpdateUntracked<T>(this IQueryable<T> rows)
        where T : class => rows.TagWith(Update);

    /// <summary>Reads rows that are referred to: their deletion waits until the end of the transaction.</summary>
    public static IQueryable<T> ForShare<T>(this IQueryable<T> rows) => rows.TagWith(Share);

    /// <summary>Whether there is such a row; it stays until the end of the transaction.</summary>
    // Not AnyAsync: the lock of a statement does not reach into its subqueries.
    public static async Task<bool> ExistsForShareAsync<T>(this IQueryable<T> rows, CancellationToken ct) =>
        await rows.ForShare().Select(static _ => 1).FirstOrDefaultAsync(ct) == 1;
}
