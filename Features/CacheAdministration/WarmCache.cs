using ECommerce.Caching;
using ECommerce.Caching.Administration;
using ECommerce.Caching.Warming;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.CacheAdministration;

/// <summary>Whose caches are filled: an ADMIN's own tenant, or the one a SUPERADMIN names, by default all.</summary>
public sealed class CacheWarmingQuery : ReadQuery
{
    public CacheWarmingQuery(QueryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Tenant = reader.Text("tenant", maxLength: 32);
        if (Tenant is { } slug && !Common.Identity.Tenant.IsCanonical(slug))
            reader.Reject("tenant", "must be the name of a tenant.");
    }

    public string? Tenant { get; }

    public static ValueTask<CacheWarmingQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new CacheWarmingQuery(reader));
}

/// <summary>What each node has begun; <c>GET /cache/stats</c> shows how far it is.</summary>
internal sealed record BegunWarming(
    string? Tenant, IReadOnlyList<WarmingProgress> Nodes, IReadOnlyList<string> MissingNodes, bool AreOthersKnown);

internal static class WarmCache
{
    public static async Task<Results<Accepted<BegunWarming>, ProblemHttpResult>> Handle(
        CacheWarmingQuery query, CacheScope scope, ICacheAdministration administration, CacheAudit audit,
        CancellationToken ct)
    {
        if (scope.Tenant is { } own && query.Tenant is { } named && named != own)
            return CachePatterns.OfAnotherTenant(scope);
        var tenant = scope.Tenant ?? query.Tenant;
        if (tenant is not null && !await audit.HasTenantAsync(tenant, ct))
            throw BadInputException.OfQuery("tenant", $"There is no tenant {tenant}.");
        NodeReports<WarmingProgress>? begun = null;
        _ = await audit.RunAsync(
            scope, CacheAction.Warm, tenant ?? CacheTags.Everything, tag: null,
            async () =>
            {
                begun = await administration.WarmAsync(tenant, CancellationToken.None);
                return new CacheRemoval(OutcomeOf(begun), 0);
            }, ct);
        return TypedResults.Accepted(
            "/api/v1/cache/stats", new BegunWarming(tenant, begun!.Nodes, begun.MissingNodes, begun.AreOthersKnown));
    }

    internal static InvalidationOutcome OutcomeOf(NodeReports<WarmingProgress> begun) =>
        begun is { AreOthersKnown: true, MissingNodes.Count: 0 }
            ? InvalidationOutcome.Applied : InvalidationOutcome.Deferred;
}
