using ECommerce.Caching;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace ECommerce.Features.Data.Schema;

/// <summary>
/// Stops the start when a migration changes rows of an entity and names no tags, or tags that no entry carries: no
/// change tracker sees those rows.
/// </summary>
internal sealed class MigrationCheck(
    IReadOnlyList<MigrationScript> scripts, IReadOnlyList<CachePolicy> policies,
    IDbContextFactory<ECommerceDbContext> contexts) : IHostedService
{
    private const string Tenant = "{tenant}";

    // Tags are compared as those of some tenant.
    private const string Sample = "acme";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var tables = db.Model.GetEntityTypes().Select(type => type.GetTableName()).OfType<string>().ToHashSet();
        foreach (var script in scripts)
            Check(script, tables);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Check(MigrationScript script, IReadOnlySet<string> tables)
    {
        if (script.Invalidates.Count == 0 && script.ChangedTables(tables).ToArray() is { Length: > 0 } changed)
        {
            throw new InvalidOperationException(
                $"Migration {script.FileName} changes rows of {string.Join(", ", changed)} and names no tags: its "
                + "first line must be '-- invalidates: ' and the tags of what is cached of them.");
        }
        if (script.Invalidates.FirstOrDefault(tag => !IsCarried(tag)) is { } unknown)
        {
            throw new InvalidOperationException(
                $"Migration {script.FileName}: no cached entry carries the tag '{unknown}'.");
        }
    }

    private bool IsCarried(string tag) => tag == CacheTags.Everything
        || tag == CacheTags.Tenant(Sample).Replace(Sample, Tenant, StringComparison.Ordinal)
        || tag.Contains(Tenant, StringComparison.Ordinal) && policies.Any(policy =>
            policy.Tags.Contains(tag) || policy.All(Sample) == tag.Replace(Tenant, Sample, StringComparison.Ordinal));
}
