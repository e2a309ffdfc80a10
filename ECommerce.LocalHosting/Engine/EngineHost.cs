using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Engine;

internal sealed class EngineHost(Orchestrator orchestrator) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => orchestrator.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => orchestrator.StopAsync();
}
