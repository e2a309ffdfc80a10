using System.CommandLine;
using System.Globalization;
using ECommerce.Caching;
using ECommerce.Caching.Administration;
using ECommerce.Caching.Inspection;
using ECommerce.Features.Common.CommandLine;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.CacheAdministration.Commands;

/// <summary>One of: a pattern, an entity, a user, a tag, everything of a tenant.</summary>
internal static class Invalidate
{
    private sealed record Request(
        string? Tenant, string? Pattern, string? Entity, int? User, string? Tag, bool All, bool DryRun);

    public static Command Command(CommandRunner runner)
    {
        var tenant = CacheCommands.Tenant("Whose entries; needed with --entity, --user and --all.");
        var pattern = new Option<string>("--pattern") { Description = "The keys that it covers, searched for." };
        var entity = new Option<string>("--entity")
        {
            Description = "Kind and id, order:7, with all that shows it; kinds: "
                + $"{string.Join(", ", InvalidateCache.Entities)}.",
        };
        var user = new Option<int?>("--user") { Description = "What belongs to a user, by the id." };
        var tag = new Option<string>("--tag") { Description = "The entries that carry a tag." };
        var all = new Option<bool>("--all") { Description = "Everything of the tenant." };
        var dryRun = new Option<bool>("--dry-run") { Description = "With --pattern: only counts the keys." };
        var command = new ApiCommand(
            "invalidate", "Removes entries on all nodes and in Redis.",
            "cache invalidate --pattern 'orders:*' --tenant acme --dry-run",
            "cache invalidate --entity order:7 --tenant acme", "cache invalidate --user 3 --tenant acme",
            "cache invalidate --tag 'products:list:acme:*'", "cache invalidate --all --tenant acme")
        {
            tenant, pattern, entity, user, tag, all, dryRun,
        };
        command.SetAction((parse, ct) => runner.RunAsync(parse, async host =>
        {
            var request = new Request(
                parse.GetValue(tenant), parse.GetValue(pattern), parse.GetValue(entity), parse.GetValue(user),
                parse.GetValue(tag), parse.GetValue(all), parse.GetValue(dryRun));
            Check(request);
            var services = await host.JoinAsync(ct);
            var scope = await services.ScopeAsync(request.Tenant, ct);
            return await runner.WithProgressAsync(parse, "Invalidating", _ => request is { Pattern: { } keys }
                ? RemoveAsync(services, scope, keys, request.DryRun, ct)
                : InvalidateTagAsync(services, scope, request, ct));
        }));
        return command;
    }

    /// <summary>A pattern that can be one.</summary>
    public static string Checked(string pattern) =>
        string.IsNullOrWhiteSpace(pattern) || pattern.Length > CachePatterns.MaxLength || pattern.Any(char.IsControl)
            ? throw new CommandRefusedException(
                $"A pattern has 1 to {CachePatterns.MaxLength} characters and no control characters.")
            : pattern;

    private static void Check(Request request)
    {
        var kinds = (request.Pattern is null ? 0 : 1) + (request.Entity is null ? 0 : 1)
            + (request.User is null ? 0 : 1) + (request.Tag is null ? 0 : 1) + (request.All ? 1 : 0);
        if (kinds != 1)
            throw new CommandRefusedException("Give one of --pattern, --entity, --user, --tag and --all.");
        if (request is { DryRun: true, Pattern: null })
            throw new CommandRefusedException("--dry-run counts the keys of --pattern only.");
        if (request is { Tenant: null, All: true } or { Tenant: null, Pattern: CacheTags.Everything })
        {
            throw new CommandRefusedException(
                "Give --tenant; everything of all tenants is removed by 'cache reset --yes'.");
        }
        if (request.Tenant is null && (request.Entity is not null || request.User is not null))
            throw new CommandRefusedException("Give --tenant: whose entity or user it is.");
        if (request.Pattern is { } pattern)
            _ = Checked(pattern);
    }

    private static async Task<CommandResult> RemoveAsync(
        IServiceProvider services, CacheScope scope, string pattern, bool dryRun, CancellationToken ct)
    {
        var administration = services.GetRequiredService<ICacheAdministration>();
        if (scope.IsForeign(pattern, services.GetRequiredService<ICacheInspector>()))
            throw new CommandRefusedException($"The pattern covers no key of {scope.Tenant}.");
        if (dryRun)
        {
            var count = await administration.CountAsync(pattern, scope.Tenant, ct)
                ?? throw new CommandRefusedException("Redis has stopped responding: run the command again.");
            return new CommandResult(Text($"{count} keys in Redis would be removed."), ("keys", count));
        }
        var done = await services.GetRequiredService<CacheAudit>().RunAsync(
            scope, CacheAction.Delete, pattern, RemoveCacheKeys.TagOf(pattern, scope.Tenant),
            () => administration.RemoveAsync(pattern, scope.Tenant, CancellationToken.None), ct);
        return CacheCommands.Changed(
            Text($"{done.Keys} keys in Redis are removed."), done.Outcome, ("keys", done.Keys));
    }

    private static async Task<CommandResult> InvalidateTagAsync(
        IServiceProvider services, CacheScope scope, Request request, CancellationToken ct)
    {
        var tag = request.All ? CacheTags.Tenant(scope.Tenant!) : TagOf(request, scope.Tenant);
        var owner = services.GetRequiredService<ICacheInspector>().TenantOf(tag)
            ?? throw new CommandRefusedException($"No policy has the tag {tag}; keys are searched for by --pattern.");
        if (scope.Tenant is { } tenant && owner != tenant)
            throw new CommandRefusedException($"The tag {tag} is not one of {tenant}.");
        var done = await services.GetRequiredService<CacheAudit>().RunAsync(
            scope, CacheAction.Invalidate, tag, tag,
            async () => new CacheRemoval(
                await services.GetRequiredService<ICacheInvalidator>().InvalidateAsync([tag], CancellationToken.None),
                1), ct);
        return CacheCommands.Changed($"{tag} is invalidated.", done.Outcome, ("tag", tag));
    }

    private static string TagOf(Request request, string? tenant)
    {
        var (entity, id) = (default(string), default(long?));
        if (request.Entity is { } text)
        {
            (entity, id) = text.Split(':') is [var kind, var number]
                && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
                    ? (kind, parsed)
                    : throw new CommandRefusedException("--entity is a kind and an id: order:7.");
        }
        var invalidation = new CacheInvalidation(tenant, entity, id, request.User, request.Tag);
        CommandRefusedException.ThrowIfInvalid(new CacheInvalidationValidator(), invalidation);
        return InvalidateCache.TagOf(invalidation, tenant)!;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
