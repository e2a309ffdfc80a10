using System.CommandLine;
using System.Globalization;
using ECommerce.Caching.Administration;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Inspection;
using ECommerce.Features.Common.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace ECommerce.Features.CacheAdministration.Commands;

internal static class ExplainKey
{
    public static Command Command(CommandRunner runner)
    {
        var key = new Argument<string>("key") { Description = "A key, of data or of a response (out:...)." };
        var command = new ApiCommand(
            "explain", "Explains one key on all nodes: where it is, and whether a read would use it.",
            "cache explain order:acme:7", "cache explain out:order:acme:7 --json")
        {
            key,
        };
        command.SetAction((parse, ct) => runner.RunAsync(parse, async host =>
        {
            var services = await host.JoinAsync(ct);
            var reports = await services.GetRequiredService<ICacheAdministration>().ExplainAsync(
                parse.GetRequiredValue(key), ct);
            var first = reports.Nodes[0];
            return new CommandResult(
                first.Policy is { } policy ? $"{first.Key} is of the policy {policy.Pattern}."
                    : $"{first.Key} is not a key of any policy.",
                ("nodes", reports.Nodes), ("missing_nodes", reports.MissingNodes))
            {
                Shown = Table(reports),
            };
        }));
        return command;
    }

    private static Table Table(NodeReports<KeyExplanation> reports)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumns(
                "node", "memory", "dropped by", "fresh for", "redis", "reads", "last filled", "last invalidated",
                "tags");
        foreach (var node in reports.Nodes)
        {
            table.AddRow(
                Markup.Escape(node.Node.Name), $"{node.Memory.State}", Markup.Escape(node.Memory.DroppedBy ?? ""),
                node.Memory.FreshFor?.ToString("c", CultureInfo.InvariantCulture) ?? "", $"{node.Redis.State}",
                node.Reads.ToString(CultureInfo.InvariantCulture), Markup.Escape(Filled(node.LastFill)),
                Markup.Escape(Dropped(node.LastDrop)),
                Markup.Escape(string.Join(' ', node.Memory.Tags.Select(static tag => tag.Tag))));
        }
        foreach (var missing in reports.MissingNodes)
            table.AddRow(Markup.Escape(missing), "does not respond");
        return table;
    }

    private static string Filled(KeyFill? fill) => fill is null ? "" : $"{Time(fill.At)} {fill.Cause}";

    private static string Dropped(KeyDrop? drop) => drop is null ? ""
        : $"{Time(drop.At)} {drop.Write ?? (drop.IsLocal ? "without a trace" : "by another node")}";

    private static string Time(DateTimeOffset at) => at.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
