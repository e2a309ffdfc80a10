using System.CommandLine;
using ECommerce.Features.Common.CommandLine;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Data.Schema;

/// <summary>
/// The command <c>migrate</c>, run with a user of the database that may change tables, so that the one of the replicas
/// need not.
/// </summary>
internal static class MigrateSchema
{
    public static Command Command(CommandRunner runner)
    {
        var command = new ApiCommand(
            "migrate", "Brings the schema of the database up to date; replicas wait for it.", "migrate");
        command.SetAction((parse, ct) => runner.RunAsync(parse, async host =>
        {
            var applied = await host.Build().GetRequiredService<SchemaMigrator>().MigrateAsync(ct);
            return new CommandResult(
                applied.Count > 0
                    ? $"{applied.Count} migrations are applied: {string.Join(", ", applied)}."
                    : "The schema is up to date.",
                ("applied", applied));
        }));
        return command;
    }
}
