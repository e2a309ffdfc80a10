using System.CommandLine;
using System.Globalization;
using ECommerce.Caching.Administration;
using ECommerce.Caching.Warming;
using ECommerce.Features.Common.CommandLine;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.CacheAdministration.Commands;

/// <summary>Starts the warming of all nodes and waits for its end.</summary>
internal static class Warm
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static Command Command(CommandRunner runner)
    {
        var tenant = CacheCommands.Tenant("Whose values; default those of all tenants.");
        var command = new ApiCommand(
            "warm", "Fills the memory of all nodes: lookups, the most-read keys, first pages of lists.", "cache warm",
            "cache warm --tenant acme")
        {
            tenant,
        };
        command.SetAction((parse, ct) => runner.RunAsync(parse, async host =>
        {
            var services = await host.JoinAsync(ct);
            var scope = await services.ScopeAsync(parse.GetValue(tenant), ct);
            return await runner.WithProgressAsync(
                parse, "Warming", progress => HandleAsync(services, scope, progress, ct));
        }));
        return command;
    }

    private static async Task<CommandResult> HandleAsync(
        IServiceProvider services, CacheScope scope, Action<double> progress, CancellationToken ct)
    {
        var administration = services.GetRequiredService<ICacheAdministration>();
        NodeReports<WarmingProgress>? begun = null;
        var done = await services.GetRequiredService<CacheAudit>().RunAsync(
            scope, CacheAction.Warm, scope.Tenant ?? "*", tag: null,
            async () =>
            {
                begun = await administration.WarmAsync(scope.Tenant, CancellationToken.None);
                return new CacheRemoval(WarmCache.OutcomeOf(begun), 0);
            }, ct);
        var nodes = await UntilDoneAsync(
            administration, services.GetRequiredService<TimeProvider>(), begun!.Nodes, progress, ct);
        return CacheCommands.Changed(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{nodes.Count} nodes are warm: {nodes.Sum(node => node.Done)} reads, {nodes.Sum(node => node.Failed)} "
                + $"failed."),
            done.Outcome, ("nodes", nodes), ("missing_nodes", begun.MissingNodes));
    }

    private static async Task<IReadOnlyList<WarmingProgress>> UntilDoneAsync(
        ICacheAdministration administration, TimeProvider time, IReadOnlyList<WarmingProgress> nodes,
        Action<double> progress, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        while (nodes.Any(static node => node.State is WarmingState.Waiting or WarmingState.Running))
        {
            if (time.GetElapsedTime(began) > Patience)
                throw new CommandRefusedException("Warming goes on; 'cache stats --json' shows how far it is.");
            await Task.Delay(Period, time, ct);
            var statistics = await administration.StatisticsAsync(cancellationToken: ct);
            nodes = [.. statistics.Nodes.Select(static node => node.Warming).OfType<WarmingProgress>()];
            var total = nodes.Sum(static node => node.Total);
            progress(total == 0 ? 0 : nodes.Sum(static node => node.Done) / (double)total);
        }
        return nodes;
    }
}
