using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Channel.Pool;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Invoices.Incoming.Files;

/// <summary>What became of an invoice file that is asked for before it was polled.</summary>
internal enum FetchOutcome
{
    /// <summary>It is stored, by this process or another one.</summary>
    Stored,

    /// <summary>The pool of the tenant does not list it.</summary>
    NotFound,

    /// <summary>The tenant has no API key.</summary>
    KeyMissing,

    /// <summary>Another process goes on downloading it.</summary>
    Busy,
}

/// <summary>
/// Downloads the invoice file of an IdentificativoSdI from the pool of a tenant and stores it, once in the whole
/// system.
/// </summary>
internal sealed class PoolFetch(
    FatturaPaChannel channel, ProviderKeys keys, BusinessLocks locks, WriteTransactions transactions,
    TenantDbContexts contexts, FileStore files, TimeProvider time)
{
    private const string Owner = "request";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // Below the time-out of a request.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    /// <exception cref="FatturaPaException">The provider could not be asked, or has no such file any more.</exception>
    public async Task<FetchOutcome> FetchAsync(Tenant tenant, string sdiId, CancellationToken ct)
    {
        // The provider may take seconds; a request must not keep its permit for the database meanwhile.
        DatabaseGate.ReleaseAfterEachUse();
        if (await keys.FindAsync(tenant, ct) is not { Key: var key })
            return FetchOutcome.KeyMissing;
        // Before the lock, so that ids of nothing leave no rows among the locks.
        if (Pick(await channel.FindAsync(key, sdiId, ct)) is not { } entry)
            return FetchOutcome.NotFound;
        var since = time.GetTimestamp();
        while (true)
        {
            await using (var held = await locks.TryAcquireAsync(
                PoolNames.Lock(tenant, sdiId, 0), PoolNames.Lease, Owner, ct))
            {
                if (await IsStoredAsync(tenant, sdiId, ct))
                    return FetchOutcome.Stored;
                if (held is not null)
                    return await StoreAsync(tenant, entry, held, ct);
            }
            if (time.GetElapsedTime(since) > MaxWait)
                return FetchOutcome.Busy;
            await Task.Delay(Pause, time, ct);
        }
    }

    /// <summary>The event with the invoice file; null: it is not stored.</summary>
    public static IQueryable<PoolEvent> StoredFiles(ECommerceDbContext db, string sdiId) =>
        // Notifications have no signature of their own.
        db.Rows<PoolEvent>().Where(e => e.SdiId == sdiId && e.Content != null && e.Signature != null)
            .OrderByDescending(e => e.Outcome == PoolEvent.Stored).ThenByDescending(e => e.Id);

    private async Task<FetchOutcome> StoreAsync(
        Tenant tenant, PoolEntry entry, BusinessLock held, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, held.Lost);
        try
        {
            var content = await channel.DownloadAsync(entry, either.Token);
            var id = await AddAsync(tenant, entry, either.Token);
            return await files.StoreAsync(tenant, id, entry.FileName, content, held, either.Token)
                ? FetchOutcome.Stored
                : FetchOutcome.Busy;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return FetchOutcome.Busy;
        }
    }

    private Task<long> AddAsync(Tenant tenant, PoolEntry entry, CancellationToken ct) =>
        EventRows.RepeatedAsync(async () =>
        {
            var (sdiId, name) = EventRows.KeyOf(entry);
            await using var tx = await transactions.BeginAsync(tenant, ct);
            await EventRows.AddMissingAsync(tx, [entry], ct);
            await tx.SaveAsync(ct);
            var id = await tx.Db.Rows<PoolEvent>().Where(e => e.SdiId == sdiId && e.FileName == name)
                .Select(e => e.Id).SingleAsync(ct);
            await tx.CommitAsync(ct);
            return id;
        });

    private async Task<bool> IsStoredAsync(Tenant tenant, string sdiId, CancellationToken ct)
    {
        await using var db = contexts.ForReading(tenant);
        return await StoredFiles(db, sdiId).AnyAsync(ct);
    }

    // The invoice itself; of one that was both sent and received, what was received.
    private static PoolEntry? Pick(IEnumerable<PoolEntry> entries) => entries
        .Where(static entry => entry.Link is not null && !PoolNames.IsNotification(entry.FileName))
        .OrderByDescending(static entry => entry.Direction)
        .ThenByDescending(static entry => entry.RowKey, StringComparer.Ordinal).FirstOrDefault();
}
