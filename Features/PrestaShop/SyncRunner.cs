using System.Collections.Concurrent;
using System.Data.Common;
using ECommerce.Features.PrestaShop.Import;
using ECommerce.Features.PrestaShop.Webservice;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.PrestaShop;

/// <summary>
/// Runs syncs in the background, on the replica that accepted the request, at most one per shop in the whole system.
/// </summary>
internal sealed partial class SyncRunner(
    WriteTransactions transactions, DbDataSource source, SyncRuns runs, DatabaseGate gate,
    IHostApplicationLifetime process, ILogger<SyncRunner> logger)
    : IHostedService
{
    private const int MaxFinishAttempts = 10;
    private static readonly TimeSpan FinishPause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, Task> _running = new();

    /// <summary>How many runs this node has that are not over.</summary>
    public int Running => _running.Count;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // ApplicationStopping comes first and cancels the runs; this waits for their end.
    public async Task StopAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(_running.Values).WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Starts a run and owns its lease, which is released when the run ends.</summary>
    public void Start(long runId, Tenant tenant, int shopId, SyncMode mode, PrestaShopClient shop, BusinessLock lease)
    {
        var session = new SyncSession(transactions, source, lease, shop, tenant, shopId, runId, mode);
        // Without the request's execution context, which ends before the run does.
        using (ExecutionContext.SuppressFlow())
        {
            _running[runId] = Task.Run(async () =>
            {
                await RunAsync(session, lease);
                _running.TryRemove(runId, out _);
            });
        }
    }

    private async Task RunAsync(SyncSession session, BusinessLock lease)
    {
        gate.BeginSync();
        await using (lease)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(process.ApplicationStopping, lease.Lost);
            LogStarted(session.RunId, session.Tenant.Slug, session.ShopId, session.Mode);
            var status = SyncStatus.Failed;
            try
            {
                await new ShopImport(session).RunAsync(either.Token);
                session.Report.Commit();
                status = session.Report is { Failed: 0, IsIncomplete: false }
                    ? SyncStatus.Succeeded
                    : SyncStatus.Partial;
                LogFinished(session.RunId, session.Counts, session.Report.Failed);
            }
            catch (Exception failure)
            {
                LogFailed(failure, session.RunId, session.Phase);
                session.Report.Fail(session.Phase, MessageOf(failure));
            }
            await FinishAsync(session, lease, status);
        }
    }

    private static string MessageOf(Exception failure) => failure switch
    {
        PrestaShopException or RowRejectedException or SyncAbortedException => failure.Message,
        OperationCanceledException => "The process that ran the sync was stopped.",
        _ when DatabaseErrors.IsUnavailable(failure) => "The database was unavailable for too long.",
        _ => "The sync failed for an internal reason; the log of the server has it.",
    };

    // A run always ends with its cause, also when the database is away at that moment.
    private async Task FinishAsync(SyncSession session, BusinessLock lease, string status)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await runs.FinishAsync(lease, session, status, CancellationToken.None);
                return;
            }
            catch (Exception exception) when (DatabaseErrors.IsDriverError(exception))
            {
                LogNotFinished(exception, session.RunId);
                // The run reads as failed anyway as soon as its lease has ended.
                if (attempt == MaxFinishAttempts || process.ApplicationStopping.IsCancellationRequested)
                    return;
                await Task.Delay(FinishPause);
            }
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Sync {Run} of shop {ShopId} of {Tenant} has started ({Mode}).")]
    private partial void LogStarted(long run, string tenant, int shopId, SyncMode mode);

    [LoggerMessage(Level = LogLevel.Information, Message = "Sync {Run} has ended: {Counts}, {Failed} rejected.")]
    private partial void LogFinished(long run, SyncCounts counts, int failed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sync {Run} has failed in its phase {Phase}.")]
    private partial void LogFailed(Exception exception, long run, string phase);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The end of sync {Run} could not be written.")]
    private partial void LogNotFinished(Exception exception, long run);
}
