using System.Security.Cryptography;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Channel.Pool;
using ECommerce.Features.Invoices.Incoming.Files;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.Invoices.Incoming.Polling;

/// <summary>What one poll came to.</summary>
/// <param name="Listed">Events that were new to it.</param>
/// <param name="Processed">Events that are stored, or known to be unreadable.</param>
/// <param name="Failed">Events that are tried again later.</param>
/// <param name="HasMore">Its bounds were reached: there is work for another one at once.</param>
/// <param name="Error">Why it ended early; null: it did not.</param>
internal sealed record PollReport(int Listed, int Processed, int Failed, bool HasMore, string? Error);

/// <summary>One poll under its lease: whose pool, and what it has listed.</summary>
internal sealed record PollSession(Tenant Tenant, ProviderKey Key, long KeyVersion, BusinessLock Lease)
{
    /// <summary>With their links, which are not stored.</summary>
    public Dictionary<(string SdiId, string FileName), PoolEntry> Listed { get; } = [];
}

/// <summary>
/// Reads what is new in the pool of a tenant, and processes what is due. On one node at a time, and within bounds, so
/// that a large pool is read in several runs.
/// </summary>
internal sealed partial class PoolPoll(
    PollSchedule schedule, ProviderKeys keys, PoolListing listing, PoolProcessing processing, BusinessLocks locks,
    DatabaseGate gate, ILogger<PoolPoll> logger)
{
    private const string Owner = "poll";
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    /// <summary>Null: another node is polling, or the tenant has no API key.</summary>
    public async Task<PollReport?> RunAsync(Tenant tenant, CancellationToken ct)
    {
        // A permit is taken only while a connection is open.
        gate.BeginSync();
        await using var lease = await locks.TryAcquireAsync($"lock:fatturapa:poll:{tenant}", Lease, Owner, ct);
        if (lease is null)
            return null;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, lease.Lost);
        var report = new PollReport(0, 0, 0, HasMore: false, null);
        try
        {
            if (await keys.FindAsync(tenant, either.Token) is not { } key)
                return null;
            var session = new PollSession(tenant, key.Key, key.Version, lease);
            try
            {
                report = await listing.RunAsync(session, either.Token);
            }
            catch (FatturaPaException failure)
            {
                report = report with { Error = failure.Message };
            }
            // Also where the list could not be read: what is due may be downloaded all the same.
            report = await processing.RunAsync(session, report, either.Token);
        }
        catch (FatturaPaException failure)
        {
            report = report with { Error = failure.Message };
        }
        catch (CryptographicException)
        {
            report = report with { Error = "The API key cannot be opened with DATA_PROTECTION_KEY." };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            LogLost(tenant.Slug);
            return null;
        }
        if (report.Error is { } error)
            LogFailed(tenant.Slug, error);
        await schedule.FinishAsync(tenant, report, lease, ct);
        return report;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The pool of {Tenant} could not be read completely: {Reason}")]
    private partial void LogFailed(string tenant, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The poll of {Tenant} lost its lease; another node goes on.")]
    private partial void LogLost(string tenant);
}
