using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ECommerce.ServiceDefaults.Telemetry;

/// <summary>Holds the providers: being constructed starts them, and the last spans and measurements leave before the process does.</summary>
internal sealed class TelemetryService(TracerProvider traces, MeterProvider metrics) : IHostedLifecycleService
{
    private const int FlushMilliseconds = 3000;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // After all other services have stopped, so that what they did last is told too. Flushing blocks: not on the caller's thread.
    public Task StoppedAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(
            Task.Run(() => traces.ForceFlush(FlushMilliseconds), CancellationToken.None),
            Task.Run(() => metrics.ForceFlush(FlushMilliseconds), CancellationToken.None));
}
