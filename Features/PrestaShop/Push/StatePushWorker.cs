using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Features.PrestaShop.Push;

/// <summary>
/// Runs on every node: pushes the states that were set here to the orders' shops. It looks for due rows each second,
/// and at once when a write of this node has made one.
/// </summary>
internal sealed partial class StatePushWorker(
    PushLeases leases, PushAttempt attempt, PushResults results, StatePushSignal signal, DatabaseGate gate,
    SchemaState schema, ILogger<StatePushWorker> logger) : BackgroundService
{
    private const int MaxRunning = 2 * PushLeases.Batch;
    private const int MaxResultAttempts = 10;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, Task> _running = new();
    private bool _outage;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                if (schema.IsReady && _running.Count <= MaxRunning - PushLeases.Batch)
                    await TakeAsync(stoppingToken);
                await signal.WaitAsync(Period, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The process is stopping.
        }
        await Task.WhenAll(_running.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task TakeAsync(CancellationToken ct)
    {
        try
        {
            foreach (var job in await leases.TakeDueAsync(ct))
                _running[job.Id] = Task.Run(() => RunAsync(job, ct), CancellationToken.None);
            _outage = false;
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            // The next poll tries again, whatever it is: nothing here may end the process.
            if (!_outage)
                LogOutage(exception);
            _outage = true;
        }
    }

    private async Task RunAsync(PushJob job, CancellationToken ct)
    {
        try
        {
            gate.BeginSync();
            var result = await attempt.RunAsync(job, ct);
            if (result is not PushResult.Lost)
                await WriteAsync(job, result, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The lease ends by itself, and another node takes the row up.
        }
        catch (Exception exception)
        {
            LogFailed(exception, job.Id, job.OrderId);
        }
        finally
        {
            _running.TryRemove(job.Id, out _);
            // The next state of the order may be due.
            signal.Wake();
        }
    }

    // A result that is lost costs the wait for the lease and another look at the shop's history.
    private async Task WriteAsync(PushJob job, PushResult result, CancellationToken ct)
    {
        for (var written = 1; ; written++)
        {
            try
            {
                await results.WriteAsync(job, result, ct);
                return;
            }
            catch (Exception exception) when (
                written < MaxResultAttempts && !ct.IsCancellationRequested
                && (DatabaseErrors.IsUnavailable(exception)
                    || exception is Microsoft.EntityFrameworkCore.DbUpdateConcurrencyException))
            {
                await Task.Delay(Period * Random.Shared.NextDouble(), ct);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "States that are to be pushed could not be read; trying again.")]
    private partial void LogOutage(Exception exception);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "State push {Push} of order {Order} failed for an internal reason.")]
    private partial void LogFailed(Exception exception, long push, long order);
}
