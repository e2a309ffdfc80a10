using System.CommandLine;
using ECommerce.Caching;
using ECommerce.Caching.Administration;
using ECommerce.Features.Common.CommandLine;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.CacheAdministration.Commands;

/// <summary>
/// The commands for the caches: what the routes under <c>/cache</c> do, for the operating system's user, who reaches
/// all tenants.
/// </summary>
internal static class CacheCommands
{
    public static Command Create(CommandRunner runner) =>
        new("cache", "The caches of all nodes: figures, keys, removal, warming, flags.")
        {
            ShowStatistics.Command(runner), ShowKeys.Command(runner), ExplainKey.Command(runner),
            Invalidate.Command(runner), Reset.Command(runner), Warm.Command(runner), Flags.Command(runner),
        };

    public static Option<string> Tenant(string description) => new("--tenant") { Description = description };

    /// <summary>The services, which can reach the nodes; none of them waits for this process.</summary>
    public static async Task<IServiceProvider> JoinAsync(this CommandHost host, CancellationToken ct)
    {
        var services = await host.StartAsync(ct);
        if (!await services.GetRequiredService<CacheObserver>().TryJoinAsync(ct))
        {
            throw new CommandRefusedException(
                "Redis does not respond: start it, or check ConnectionStrings__redis (or REDIS_URL).");
        }
        return services;
    }

    /// <summary>The operating system's user, for one tenant, or for all.</summary>
    public static async Task<CacheScope> ScopeAsync(
        this IServiceProvider services, string? tenant, CancellationToken ct)
    {
        if (tenant is not null && !await services.GetRequiredService<CacheAudit>().HasTenantAsync(tenant, ct))
            throw new CommandRefusedException($"There is no tenant {tenant}.");
        return CacheScope.CommandLine(tenant);
    }

    /// <summary>The result of a change that all nodes have to make.</summary>
    public static CommandResult Changed(
        string message, InvalidationOutcome outcome, params (string Name, object? Value)[] values) => new(
            outcome == InvalidationOutcome.Applied ? message
                : $"{message} Deferred: not every node has confirmed it, some may serve the old state for 2 s.",
            values)
        {
            IsDeferred = outcome == InvalidationOutcome.Deferred,
        };
}
