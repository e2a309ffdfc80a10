using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.PrestaShop.Schedule;

/// <summary>
/// Runs on every node: starts the incremental syncs whose time has come. A node that runs several already leaves the
/// others to other nodes.
/// </summary>
internal sealed partial class SyncScheduler(
    SyncSchedule schedule, SyncStarter starter, SyncRunner runner, SchemaState schema, TimeProvider time,
    ILogger<SyncScheduler> logger) : BackgroundService
{
    /// <summary>In the log and in the holder of the lock, where a user's name would be.</summary>
    private const string Owner = "schedule";

    private const int MaxRunning = 4;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (schema.IsReady)
                    timer.Period = await TryRunDueAsync(stoppingToken) ? Period : Longer(timer.Period);
            }
        }
        catch (OperationCanceledException)
        {
            // The process is stopping.
        }
    }

    private async Task<bool> TryRunDueAsync(CancellationToken ct)
    {
        try
        {
            foreach (var shop in await schedule.DueAsync(ct))
            {
                if (shop.NextSyncAt is null)
                    await schedule.PlaceAsync(shop, ct);
                else if (runner.Running < MaxRunning && await schedule.TryClaimAsync(shop, ct))
                    await StartAsync(shop, ct);
            }
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotRead(exception.GetBaseException().Message);
            return false;
        }
    }

    // One shop that cannot be opened, for instance because its key cannot be decrypted, does not stop the others.
    private async Task StartAsync(DueShop shop, CancellationToken ct)
    {
        try
        {
            await starter.StartAsync(
                new Tenant(shop.Tenant), shop.Id, SyncMode.Incremental, startedBy: null, Owner,
                (tx, _) => tx.CommitAsync(ct), ct);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotStarted(exception, shop.Id, shop.Tenant);
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => 2 * pause < MaxPause ? 2 * pause : MaxPause;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The schedule of syncs could not be read ({Reason}).")]
    private partial void LogNotRead(string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The scheduled sync of shop {ShopId} of {Tenant} could not be started; the next one is an interval "
            + "later.")]
    private partial void LogNotStarted(Exception exception, int shopId, string tenant);
}
