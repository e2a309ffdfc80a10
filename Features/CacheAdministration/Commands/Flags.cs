using System.CommandLine;
using ECommerce.Caching;
using ECommerce.Features.Common.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace ECommerce.Features.CacheAdministration.Commands;

internal static class Flags
{
    public static Command Command(CommandRunner runner)
    {
        var name = new Argument<string?>("name") { Description = "The flag.", Arity = ArgumentArity.ZeroOrOne };
        var state = new Argument<string?>("state")
        {
            Description = "on, off, or default: as its variable sets it.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        state.AcceptOnlyFromAmong("on", "off", "default");
        var command = new ApiCommand(
            "flags", "Shows the parts of the cache that can be switched, or switches one on all nodes.", "cache flags",
            "cache flags orders off", "cache flags orders default")
        {
            name, state,
        };
        command.SetAction((parse, ct) => runner.RunAsync(parse, async host =>
        {
            var services = await host.JoinAsync(ct);
            var flags = await ReadAsync(services, ct);
            if (parse.GetValue(name) is not { } which)
                return Listed(flags);
            if (!flags.Any(flag => flag.Name == which))
            {
                throw new CommandRefusedException(
                    $"There is no flag {which}; there are {string.Join(", ", flags.Select(flag => flag.Name))}.");
            }
            if (parse.GetValue(state) is not { } text)
                throw new CommandRefusedException($"Give the state of {which}: on, off or default.");
            bool? isOn = text switch { "on" => true, "off" => false, _ => null };
            var done = await services.GetRequiredService<CacheAudit>().RunAsync(
                CacheScope.CommandLine(null), CacheAction.Flag, $"{which}={text}", tag: null,
                async () => new(
                    await services.GetRequiredService<ICacheFlags>().SetAsync(which, isOn, CancellationToken.None), 0),
                ct);
            return CacheCommands.Changed($"{which} is {text}.", done.Outcome, ("name", which), ("state", text));
        }));
        return command;
    }

    // What is set at run time is in the store, which a node reads at intervals.
    private static async Task<IReadOnlyList<CacheFlagState>> ReadAsync(IServiceProvider services, CancellationToken ct)
    {
        services.GetRequiredService<SchemaState>().Ready();
        var set = await services.GetRequiredService<ICacheFlagStore>().ReadAsync(ct);
        return
        [
            .. services.GetRequiredService<ICacheFlags>().All.Select(flag =>
                set.TryGetValue(flag.Name, out var isOn) ? new CacheFlagState(flag.Name, isOn, true) : flag),
        ];
    }

    private static CommandResult Listed(IReadOnlyList<CacheFlagState> flags) =>
        new($"{flags.Count} flags.", ("flags", flags)) { Shown = Table(flags) };

    private static Table Table(IReadOnlyList<CacheFlagState> flags)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("flag", "state", "set at run time");
        foreach (var flag in flags)
            table.AddRow(flag.Name, flag.IsOn ? "on" : "off", flag.IsSet ? "yes" : "no");
        return table;
    }
}
