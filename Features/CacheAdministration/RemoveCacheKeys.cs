using ECommerce.Caching;
using ECommerce.Caching.Administration;
using ECommerce.Caching.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.CacheAdministration;

public sealed class CacheRemovalQuery : ReadQuery
{
    public CacheRemovalQuery(QueryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Pattern = reader.Required("pattern", CachePatterns.MaxLength);
        DryRun = reader.Flag("dry_run") ?? false;
    }

    public string Pattern { get; }

    public bool DryRun { get; }

    public static ValueTask<CacheRemovalQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new CacheRemovalQuery(reader));
}

/// <summary>What was removed, or in a dry run would be; then there is no outcome.</summary>
internal sealed record RemovedCacheKeys(string Pattern, bool DryRun, long Keys, InvalidationOutcome? Outcome);

internal static class RemoveCacheKeys
{
    /// <summary>What covers all that a pattern may cover.</summary>
    public static string TagOf(string pattern, string? tenant) =>
        !pattern.AsSpan().ContainsAny('*', '?', '[') ? pattern
            : tenant is null ? CacheTags.Everything : CacheTags.Tenant(tenant);

    public static async Task<Results<Ok<RemovedCacheKeys>, ProblemHttpResult>> Handle(
        CacheRemovalQuery query, CacheScope scope, ICacheInspector inspector, ICacheAdministration administration,
        CacheAudit audit, HttpContext http, CancellationToken ct)
    {
        if (scope.IsForeign(query.Pattern, inspector))
            return CachePatterns.OfAnotherTenant(scope);
        if (query.DryRun)
        {
            return await administration.CountAsync(query.Pattern, scope.Tenant, ct) is { } count
                ? TypedResults.Ok(new RemovedCacheKeys(query.Pattern, DryRun: true, count, null))
                : CachePatterns.RedisUnavailable();
        }
        // What asks for a confirmation there must not be had here without one.
        if (scope.Tenant is null && query.Pattern == CacheTags.Everything)
        {
            return Problems.BadRequest(
                "use_reset", "Everything of all tenants is removed by POST /api/v1/cache/reset only.");
        }

        var removal = await audit.RunAsync(
            scope, CacheAction.Delete, query.Pattern, TagOf(query.Pattern, scope.Tenant),
            () => administration.RemoveAsync(query.Pattern, scope.Tenant, CancellationToken.None), ct);
        CachePatterns.MarkIfDeferred(http, removal.Outcome);
        return TypedResults.Ok(new RemovedCacheKeys(query.Pattern, DryRun: false, removal.Keys, removal.Outcome));
    }
}
