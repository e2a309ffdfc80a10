using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.Invoices.Incoming.Polling;

/// <summary>
/// Runs on every node: polls the pools whose time has come. A node that polls several already leaves the others to
/// other nodes.
/// </summary>
internal sealed partial class PoolPoller(
    PollSchedule schedule, PollInterval interval, PoolPoll poll, SchemaState schema, TimeProvider time,
    ILogger<PoolPoller> logger) : BackgroundService
{
    private const int MaxRunning = 4;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Task> _running = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (interval.Seconds == 0)
            return;
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
        await Task.WhenAll(_running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<bool> TryRunDueAsync(CancellationToken ct)
    {
        try
        {
            foreach (var (tenant, _) in _running.Where(static run => run.Value.IsCompleted).ToArray())
                _running.Remove(tenant);
            foreach (var due in await schedule.DueAsync(ct))
            {
                if (due.NextPollAt is null)
                {
                    await schedule.PlaceAsync(due, ct);
                }
                else if (_running.Count < MaxRunning && !_running.ContainsKey(due.Tenant)
                    && await schedule.TryClaimAsync(due, ct))
                {
                    _running[due.Tenant] = Task.Run(() => RunAsync(due.Tenant, ct), CancellationToken.None);
                }
            }
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotRead(exception.GetBaseException().Message);
            return false;
        }
    }

    // One tenant that cannot be polled, for instance because its key cannot be decrypted, does not stop the others.
    private async Task RunAsync(string tenant, CancellationToken ct)
    {
        try
        {
            await poll.RunAsync(new Tenant(tenant), ct);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception, tenant);
        }
        catch (OperationCanceledException)
        {
            // The process is stopping; the lease ends by itself.
        }
    }

    private static TimeSpan Longer(TimeSpan pause) => 2 * pause < MaxPause ? 2 * pause : MaxPause;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The schedule of polls could not be read ({Reason}).")]
    private partial void LogNotRead(string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The pool of {Tenant} could not be polled; the next attempt is an interval later.")]
    private partial void LogFailed(Exception exception, string tenant);
}
