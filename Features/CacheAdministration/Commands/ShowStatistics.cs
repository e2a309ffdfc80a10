using System.CommandLine;
using System.Globalization;
using ECommerce.Caching.Administration;
using ECommerce.Features.Common.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace ECommerce.Features.CacheAdministration.Commands;

internal static class ShowStatistics
{
    public static Command Command(CommandRunner runner)
    {
        var tenant = CacheCommands.Tenant("Whose entries are counted; reads are those of all tenants.");
        var command = new ApiCommand(
            "stats", "Shows entries, hits and misses of all nodes by policy and layer.", "cache stats",
            "cache stats --tenant acme --json")
        {
            tenant,
        };
        command.SetAction((parse, ct) => runner.RunAsync(parse, async host =>
        {
            var services = await host.JoinAsync(ct);
            var scope = await services.ScopeAsync(parse.GetValue(tenant), ct);
            var figures = CacheFigures.From(
                await services.GetRequiredService<ICacheAdministration>().StatisticsAsync(scope.Tenant, ct));
            return new CommandResult(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{figures.Nodes.Count} nodes, {figures.Entries} entries in memory, {figures.Bytes} bytes."),
                ("figures", figures))
            {
                Shown = Table(figures),
            };
        }));
        return command;
    }

    private static Table Table(CacheFigures figures)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumns("policy", "layer", "hits", "misses", "hit rate", "entries", "bytes");
        foreach (var policy in figures.Policies)
        {
            foreach (var layer in policy.Layers.Where(static layer => layer.Hits + layer.Misses > 0))
            {
                table.AddRow(
                    Markup.Escape(policy.Pattern), layer.Layer, Text(layer.Hits), Text(layer.Misses),
                    (layer.HitRate ?? 0).ToString("P1", CultureInfo.InvariantCulture), Text(policy.Entries),
                    Text(policy.Bytes));
            }
        }
        return table;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
