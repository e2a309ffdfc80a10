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
    private readonly ConcurrentDictionary<long, Task> _running = new();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // ApplicationStopping comes first and cancels the runs; this waits for their end.
    public async Task StopAsync(CancellationToken cancellationToken) =>
        await Task.WhenAll(_running.Values).WaitAsync(cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Starts a run and owns its lease, which is released when the run ends.</summary>
    public void Start(
        long runId, Tenant tenant, int shopId, bool incremental, PrestaShopClient shop, BusinessLock lease)
    {
        // Without the request's execution context, which ends before the run does.
        using (ExecutionContext.SuppressFlow())
        {
            _running[runId] = Task.Run(async () =>
            {
                await RunAsync(runId, tenant, shopId, incremental, shop, lease);
                _running.TryRemove(runId, out _);
            });
        }
    }

    private async Task RunAsync(
        long runId, Tenant tenant, int shopId, bool incremental, PrestaShopClient shop, BusinessLock lease)
    {
        gate.BeginSync();
        await using (lease)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(process.ApplicationStopping, lease.Lost);
            var session = new SyncSession(transactions, source, lease, shop, tenant, shopId, runId, incremental);
            LogStarted(runId, tenant.Slug, shopId, incremental ? "incremental" : "full");
            try
            {
                await ImportAsync(session, either.Token);
                var status = session.Failed == 0 ? SyncStatus.Succeeded : SyncStatus.Partial;
                await runs.FinishAsync(lease, runId, status, error: null, CancellationToken.None);
                LogFinished(runId, session.Created, session.Updated, session.Unchanged, session.Failed);
            }
            catch (Exception failure)
            {
                var message = failure switch
                {
                    PrestaShopException or SyncAbortedException => failure.Message,
                    OperationCanceledException => "The process that ran the sync was stopped.",
                    _ => "The sync failed for an internal reason; the log of the server has it.",
                };
                LogFailed(failure, runId);
                await FailAsync(lease, runId, message);
            }
        }
    }

    private static async Task ImportAsync(SyncSession session, CancellationToken ct)
    {
        var watermarks = await session.WatermarksAsync(ct);
        EntityImport[] imports =
        [
            new ProductsImport(session, await VatRates.ReadAsync(session.Shop, ct)),
            new CustomersImport(session),
            new AddressesImport(session),
            new OrdersImport(session),
        ];
        session.Phase = "counting";
        foreach (var import in imports)
        {
            import.Since(watermarks.GetValueOrDefault(import.Resource));
            session.Total += await session.Shop.CountAsync(import.Resource, import.Filter, ct);
            await session.SaveProgressAsync(ct);
        }
        await new LookupsImport(session).RunAsync(ct);
        foreach (var import in imports)
        {
            await import.RunAsync(ct);
            // After the last page: an interrupted run asks again for the pages it did not reach.
            await session.SaveWatermarkAsync(import.Resource, import.Watermark, ct);
        }
    }

    private async Task FailAsync(BusinessLock lease, long runId, string message)
    {
        try
        {
            await runs.FinishAsync(lease, runId, SyncStatus.Failed, message, CancellationToken.None);
        }
        catch (Exception exception) when (DatabaseErrors.IsDriverError(exception))
        {
            // The run reads as failed anyway as soon as its lease has ended.
            LogFailed(exception, runId);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Information, Message = "Sync {Run} of shop {ShopId} of {Tenant} has started ({Mode}).")]
    private partial void LogStarted(long run, string tenant, int shopId, string mode);

    [LoggerMessage(Level = LogLevel.Information, Message =
        "Sync {Run} has ended: {Created} created, {Updated} updated, {Unchanged} unchanged, {Failed} rejected.")]
    private partial void LogFinished(long run, int created, int updated, int unchanged, int failed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sync {Run} has failed.")]
    private partial void LogFailed(Exception exception, long run);
}
