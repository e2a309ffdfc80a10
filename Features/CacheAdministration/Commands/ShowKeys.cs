using System.CommandLine;
using System.Globalization;
using ECommerce.Caching.Inspection;
using ECommerce.Features.Common.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace ECommerce.Features.CacheAdministration.Commands;

/// <summary>Those of Redis: this process has none in memory.</summary>
internal static class ShowKeys
{
    private const int MaxLimit = 100_000;

    public static Command Command(CommandRunner runner)
    {
        var pattern = new Option<string>("--pattern")
        {
            Description = "Which keys: *, ? and [...] as Redis reads them.",
            DefaultValueFactory = static _ => "*",
        };
        var tenant = CacheCommands.Tenant("Whose keys; default all.");
        var limit = new Option<int>("--limit")
        {
            Description = $"How many at most, 1 to {MaxLimit}.",
            DefaultValueFactory = static _ => 100,
        };
        var command = new ApiCommand(
            "keys", "Lists the keys in Redis.", "cache keys --pattern 'orders:*' --tenant acme",
            "cache keys --pattern 'out:*' --limit 1000 --json")
        {
            pattern, tenant, limit,
        };
        command.SetAction((parse, ct) => runner.RunAsync(parse, async host =>
        {
            if (parse.GetValue(limit) is < 1 or > MaxLimit)
                throw new CommandRefusedException($"--limit must be from 1 to {MaxLimit}.");
            var services = await host.JoinAsync(ct);
            var scope = await services.ScopeAsync(parse.GetValue(tenant), ct);
            var keys = await runner.WithProgressAsync(parse, "Scanning Redis", _ => FindAsync(
                services.GetRequiredService<ICacheInspector>(), Invalidate.Checked(parse.GetValue(pattern)!),
                scope.Tenant, parse.GetValue(limit), ct));
            return new CommandResult(
                string.Create(CultureInfo.InvariantCulture, $"{keys.Count} keys."), ("keys", keys))
            {
                Shown = Table(keys),
            };
        }));
        return command;
    }

    private static async Task<IReadOnlyList<CachedKey>> FindAsync(
        ICacheInspector inspector, string pattern, string? tenant, int limit, CancellationToken ct)
    {
        List<CachedKey> keys = [];
        string? cursor = null;
        do
        {
            var page = await inspector.ListKeysAsync(
                pattern, tenant, cursor, Math.Min(limit - keys.Count, ICacheInspector.MaxKeys), ct);
            if (page.Redis == RedisAvailability.Unavailable)
                throw new CommandRefusedException("Redis has stopped responding: run the command again.");
            keys.AddRange(page.Keys);
            cursor = page.NextCursor;
        }
        while (cursor is not null && keys.Count < limit);
        return [.. keys.Take(limit)];
    }

    private static Table Table(IReadOnlyList<CachedKey> keys)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("key", "policy", "bytes", "lives for");
        foreach (var key in keys)
        {
            table.AddRow(
                Markup.Escape(key.Key), Markup.Escape(key.Policy),
                key.RedisBytes?.ToString(CultureInfo.InvariantCulture) ?? "",
                key.LivesFor?.ToString("c", CultureInfo.InvariantCulture) ?? "");
        }
        return table;
    }
}
