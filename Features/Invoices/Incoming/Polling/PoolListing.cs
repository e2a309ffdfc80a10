using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Channel.Pool;
using ECommerce.Features.Invoices.Incoming.Files;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.Invoices.Incoming.Polling;

/// <summary>
/// Stores what the pool lists behind the mark as events to be processed. The mark moves with them, so that a crash
/// neither loses an event nor stores one twice; whether they can be processed does not matter to it.
/// </summary>
internal sealed partial class PoolListing(
    FatturaPaChannel channel, PollSchedule schedule, WriteTransactions transactions, ILogger<PoolListing> logger)
{
    /// <summary>Pages of one run.</summary>
    public const int MaxPages = 20;

    private const int MaxEvents = 5000;

    // Rows of one transaction.
    private const int Chunk = 200;

    /// <exception cref="FatturaPaException">The pool could not be read to its end; what was read is stored.</exception>
    public async Task<PollReport> RunAsync(PollSession session, CancellationToken ct)
    {
        var (listed, pages) = (0, 0);
        var mark = await schedule.MarkAsync(session.Tenant, session.KeyVersion, ct);
        await foreach (var page in channel.ReadBeyondAsync(session.Key, mark, ct))
        {
            foreach (var chunk in page.Chunk(Chunk))
                await StoreAsync(session, chunk, ct);
            listed += page.Count;
            if (++pages >= MaxPages || listed >= MaxEvents)
                return new PollReport(listed, 0, 0, HasMore: true, null);
        }
        return new PollReport(listed, 0, 0, HasMore: false, null);
    }

    private async Task StoreAsync(PollSession session, PoolEntry[] entries, CancellationToken ct)
    {
        try
        {
            await WriteAsync(session, entries, entries[^1].Position, ct);
        }
        // The provider's texts: one that no column holds costs itself, and not those beside it.
        catch (DbUpdateException exception) when (DatabaseErrors.IsUnstorable(exception))
        {
            if (entries.Length == 1)
            {
                LogDropped(exception, session.Tenant.Slug);
                await WriteAsync(session, [], entries[0].Position, ct);
                return;
            }
            foreach (var entry in entries)
                await StoreAsync(session, [entry], ct);
        }
    }

    private async Task WriteAsync(PollSession session, PoolEntry[] entries, PoolPosition mark, CancellationToken ct)
    {
        var isStored = await EventRows.RepeatedAsync(async () =>
        {
            await using var tx = await transactions.BeginAsync(session.Tenant, ct);
            await EventRows.AddMissingAsync(tx, entries, ct);
            await tx.SaveAsync(ct);
            if (!await PollSchedule.TryMoveAsync(tx, mark, session.KeyVersion, session.Lease, ct))
                return false;
            await tx.CommitAsync(ct);
            return true;
        });
        if (!isStored)
            throw new OperationCanceledException("The lease of the poll was lost.");
        foreach (var entry in entries)
            session.Listed[EventRows.KeyOf(entry)] = entry;
    }

    [LoggerMessage(
        Level = LogLevel.Error, Message = "An event of the pool of {Tenant} cannot be stored and is left out.")]
    private partial void LogDropped(Exception exception, string tenant);
}
