using System.CommandLine;
using System.Globalization;
using ECommerce.Caching;
using ECommerce.Caching.Administration;
using ECommerce.Features.Common.CommandLine;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.CacheAdministration.Commands;

internal static class Reset
{
    public static Command Command(CommandRunner runner)
    {
        var yes = new Option<bool>("--yes") { Description = "Confirms it." };
        var command = new ApiCommand(
            "reset", "Removes every entry of every tenant on all nodes; keys of other programs in Redis stay.",
            "cache reset --yes")
        {
            yes,
        };
        command.SetAction((parse, ct) => runner.RunAsync(parse, async host =>
        {
            if (!parse.GetValue(yes))
                throw new CommandRefusedException("This removes every entry of every tenant; confirm it with --yes.");
            var services = await host.JoinAsync(ct);
            var done = await runner.WithProgressAsync(parse, "Removing everything", _ =>
                services.GetRequiredService<CacheAudit>().RunAsync(
                    CacheScope.CommandLine(null), CacheAction.Reset, CacheTags.Everything, CacheTags.Everything,
                    () => services.GetRequiredService<ICacheAdministration>().ResetAsync(CancellationToken.None), ct));
            return CacheCommands.Changed(
                string.Create(CultureInfo.InvariantCulture, $"{done.Keys} keys in Redis are removed."), done.Outcome,
                ("keys", done.Keys));
        }));
        return command;
    }
}
