using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Channel.Pool;
using ECommerce.Features.Invoices.Incoming.Files;

namespace ECommerce.Features.Invoices.Incoming.Polling;

/// <summary>Another process is downloading the file.</summary>
internal sealed class DownloadBusyException : Exception;

/// <summary>Processes one event of a pool: downloads its file, where there is one to be read, and stores it.</summary>
internal sealed class EventProcessor(
    FatturaPaChannel channel, NotificationStore notifications, FileStore files, BusinessLocks locks)
{
    private const string Owner = "poll";

    /// <returns>How many bytes were downloaded.</returns>
    /// <exception cref="FatturaPaException">The file could not be downloaded.</exception>
    /// <exception cref="DownloadBusyException">Another process downloads it.</exception>
    public async Task<int> ProcessAsync(PollSession session, DueEvent found, CancellationToken ct)
    {
        if (PoolNames.IsReceipt(found.Direction, found.Kind, found.FileName))
        {
            // The bytes are compared, and only where they matter.
            var sent = await notifications.AwaitsReceiptAsync(session.Tenant, found.FileName, ct)
                ? await DownloadAsync(session, found, ct)
                : null;
            await notifications.StoreReceiptAsync(session.Tenant, found.Id, sent, ct);
            return sent?.Length ?? 0;
        }
        if (found.Direction == PoolEvent.Sale)
        {
            var notification = await DownloadAsync(session, found, ct);
            await notifications.StoreAsync(session.Tenant, found.Id, found.FileName, notification, ct);
            return notification.Length;
        }
        await using var held = await locks.TryAcquireAsync(
            PoolNames.Lock(session.Tenant, found.SdiId, found.Id), PoolNames.Lease, Owner, ct)
            ?? throw new DownloadBusyException();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, held.Lost);
        try
        {
            var file = await DownloadAsync(session, found, either.Token);
            return await files.StoreAsync(session.Tenant, found.Id, found.FileName, file, held, either.Token)
                ? file.Length
                : throw new DownloadBusyException();
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new DownloadBusyException();
        }
    }

    // A link that was listed may have expired since; one of an earlier run is not stored.
    private async Task<byte[]> DownloadAsync(PollSession session, DueEvent found, CancellationToken ct)
    {
        if (session.Listed.GetValueOrDefault((found.SdiId, found.FileName)) is { } listed)
        {
            try
            {
                return await channel.DownloadAsync(listed, ct);
            }
            catch (FatturaPaException failure) when (failure.Fault == ProviderFault.LinkRefused)
            {
                // Once more, with a new link.
            }
        }
        return await channel.DownloadAsync(await FindAsync(session, found, ct), ct);
    }

    private async Task<PoolEntry> FindAsync(PollSession session, DueEvent found, CancellationToken ct)
    {
        var position = new PoolPosition(found.PartitionKey, found.RowKey);
        if (await channel.FindAtAsync(session.Key, position, found.FileName, ct) is { } there)
            return there;
        // It may be listed again, at another place.
        var others = await channel.FindAsync(session.Key, found.SdiId, ct);
        return others.FirstOrDefault(entry => entry.FileName == found.FileName)
            ?? throw new FatturaPaException(
                ProviderFault.NotFound, "Download: the pool does not list the file any more.");
    }
}
