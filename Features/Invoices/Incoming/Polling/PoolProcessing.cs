using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Incoming.Files;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.Invoices.Incoming.Polling;

/// <summary>An event that is due.</summary>
internal sealed record DueEvent(
    long Id, string PartitionKey, string RowKey, string Direction, string Kind, string SdiId, string FileName);

/// <summary>
/// Processes events that are due, oldest first. One that fails is put off, so that it does not keep those behind it
/// back; several failures in a row mean that the provider is away.
/// </summary>
internal sealed partial class PoolProcessing(
    EventProcessor processor, WriteTransactions transactions, TenantDbContexts contexts, TimeProvider time,
    ILogger<PoolProcessing> logger)
{
    private const int MaxEvents = 500;
    private const long MaxBytes = 64 << 20;
    private const int Batch = 50;
    private const int MaxInARow = 3;
    private const int MaxDetail = 300;
    private static readonly TimeSpan BusyDelay = TimeSpan.FromSeconds(5);

    /// <param name="session">The poll.</param>
    /// <param name="report">What it has listed.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<PollReport> RunAsync(PollSession session, PollReport report, CancellationToken ct)
    {
        var (done, failed, bytes, inARow) = (0, 0, 0L, 0);
        while (await DueAsync(session.Tenant, ct) is { Count: > 0 } due)
        {
            foreach (var found in due)
            {
                if (done + failed >= MaxEvents || bytes >= MaxBytes)
                    return report with { Processed = done, Failed = failed, HasMore = true };
                try
                {
                    bytes += await processor.ProcessAsync(session, found, ct);
                    (done, inARow) = (done + 1, 0);
                }
                catch (DownloadBusyException)
                {
                    await PostponeAsync(session.Tenant, found.Id, null, null, ct);
                    failed++;
                }
                catch (FatturaPaException failure)
                {
                    await PostponeAsync(
                        session.Tenant, found.Id, FileStore.Name(failure.Fault), failure.Message, ct);
                    failed++;
                    inARow = failure.IsTransient || failure.Fault == ProviderFault.InvalidKey ? inARow + 1 : 0;
                    if (inARow >= MaxInARow)
                        return report with { Processed = done, Failed = failed, Error = failure.Message };
                }
                catch (Exception exception) when (DatabaseErrors.IsDeadlock(exception))
                {
                    // It is still due.
                    failed++;
                }
                // A file of others that brings a defect to light costs itself only.
                catch (Exception exception) when (
                    exception is not OperationCanceledException && !DatabaseErrors.IsUnavailable(exception))
                {
                    LogFailed(exception, found.Id, session.Tenant.Slug);
                    await PostponeAsync(session.Tenant, found.Id, "failed", exception.GetType().Name, ct);
                    failed++;
                }
            }
        }
        return report with { Processed = done, Failed = failed };
    }

    private async Task<List<DueEvent>> DueAsync(Tenant tenant, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var db = contexts.ForReading(tenant);
        return await db.Rows<PoolEvent>().Where(e => e.NextAttemptAt <= now)
            .OrderBy(e => e.Id).Take(Batch)
            .Select(e => new DueEvent(e.Id, e.PartitionKey, e.RowKey, e.Direction, e.Kind, e.SdiId, e.FileName))
            .ToListAsync(ct);
    }

    // Without a reason: not for a failure, which does not count.
    private async Task PostponeAsync(Tenant tenant, long id, string? reason, string? detail, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Rows<PoolEvent>().Where(e => e.Id == id && e.NextAttemptAt != null).ForUpdate()
            .SingleOrDefaultAsync(ct) is not { } found)
        {
            return;
        }
        if (reason is null)
        {
            found.NextAttemptAt = tx.Now + BusyDelay;
        }
        else
        {
            found.Attempts++;
            found.Reason = reason;
            found.Detail = DocumentRows.Cut(detail, MaxDetail);
            found.NextAttemptAt = tx.Now + Retries.Delay(found.Attempts);
            if (found.Attempts >= Retries.MaxAttempts)
            {
                found.Outcome = PoolEvent.Unreadable;
                found.NextAttemptAt = null;
                found.ProcessedAt = tx.Now;
            }
        }
        await tx.CommitAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {Event} of the pool of {Tenant} could not be processed.")]
    private partial void LogFailed(Exception exception, long @event, string tenant);
}
