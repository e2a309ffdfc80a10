using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Channel.Pool;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Invoices.Incoming.Files;

/// <summary>Events of the pool as rows, one for each IdentificativoSdI and file name.</summary>
internal static class EventRows
{
    private const int MaxTries = 3;

    /// <summary>The key of an event in its pool.</summary>
    public static (string SdiId, string FileName) KeyOf(PoolEntry entry) => (entry.SdiId ?? "", entry.FileName);

    /// <summary>
    /// Adds those that are not there. An invoice that the tenant sent and got as well becomes a purchase: of what was
    /// sent this program has its own copy.
    /// </summary>
    /// <param name="tx">Of the tenant.</param>
    /// <param name="entries">Those of one page, or less.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task AddMissingAsync(
        WriteTransaction tx, IReadOnlyCollection<PoolEntry> entries, CancellationToken ct)
    {
        var sdiIds = entries.Select(static entry => entry.SdiId ?? "").Distinct().ToArray();
        var names = entries.Select(static entry => entry.FileName).Distinct().ToArray();
        var known = (await tx.Db.Rows<PoolEvent>()
            .Where(e => sdiIds.Contains(e.SdiId) && names.Contains(e.FileName))
            .Select(e => new { e.Id, e.SdiId, e.FileName, e.Direction }).ToListAsync(ct))
            .ToDictionary(row => (row.SdiId, row.FileName));
        // A purchase before a sale of the same file.
        foreach (var entry in entries.OrderByDescending(static entry => entry.Direction).DistinctBy(KeyOf)
            .OrderBy(static entry => entry.RowKey, StringComparer.Ordinal))
        {
            if (!known.TryGetValue(KeyOf(entry), out var row))
            {
                tx.Db.Add(Create(entry, tx.Now));
                continue;
            }
            if (row.Direction == PoolEvent.Purchase || entry.Direction != PoolDirection.Purchase)
                continue;
            var found = await tx.Db.Rows<PoolEvent>().Where(e => e.Id == row.Id).ForUpdate().SingleAsync(ct);
            found.Direction = PoolEvent.Purchase;
            (found.PartitionKey, found.RowKey) = (entry.PartitionKey, entry.RowKey);
            if (found.Content is null)
            {
                found.Outcome = PoolEvent.Pending;
                (found.Attempts, found.NextAttemptAt) = (0, tx.Now);
            }
        }
    }

    /// <summary>
    /// Runs a write that adds events, again where another process has added one of them meanwhile.
    /// </summary>
    public static async Task<T> RepeatedAsync<T>(Func<Task<T>> write)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await write();
            }
            catch (DbUpdateException exception) when (attempt < MaxTries
                && (DatabaseErrors.IsDuplicate(exception) || DatabaseErrors.IsDeadlock(exception)))
            {
                // It finds the row now.
            }
        }
    }

    private static PoolEvent Create(PoolEntry entry, DateTime now) => new()
    {
        PartitionKey = entry.PartitionKey,
        RowKey = entry.RowKey,
        Direction = entry.Direction.Name(),
        Kind = entry.Kind,
        SdiId = entry.SdiId ?? "",
        FileName = entry.FileName,
        ListedAt = entry.Timestamp?.UtcDateTime,
        NextAttemptAt = now,
        FoundAt = now,
    };
}
