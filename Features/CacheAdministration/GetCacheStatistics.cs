using ECommerce.Caching.Administration;
using ECommerce.Caching.Inspection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.CacheAdministration;

/// <summary>The sums over all nodes that answered, and each node's own figures, those of the asked one first.</summary>
internal sealed record CacheFigures(
    int Entries, long Bytes, IReadOnlyList<PolicyFigures> Policies, IReadOnlyList<CacheStatistics> Nodes,
    IReadOnlyList<string> MissingNodes, bool AreOthersKnown);

internal sealed record PolicyFigures(string Pattern, int Entries, long Bytes, IReadOnlyList<LayerStatistics> Layers);

internal static class GetCacheStatistics
{
    public static async Task<Ok<CacheFigures>> Handle(
        CacheScope scope, ICacheAdministration administration, CancellationToken ct)
    {
        var reports = await administration.StatisticsAsync(scope.Tenant, ct);
        return TypedResults.Ok(new CacheFigures(
            reports.Nodes.Sum(node => node.Entries), reports.Nodes.Sum(node => node.Bytes),
            [.. reports.Nodes.SelectMany(node => node.Policies).GroupBy(policy => policy.Pattern).Select(Sum)],
            reports.Nodes, reports.MissingNodes, reports.AreOthersKnown));
    }

    private static PolicyFigures Sum(IGrouping<string, PolicyStatistics> nodes) => new(
        nodes.Key, nodes.Sum(policy => policy.Entries), nodes.Sum(policy => policy.Bytes),
        [
            .. nodes.SelectMany(policy => policy.Layers).GroupBy(layer => layer.Layer).Select(layer =>
                new LayerStatistics(layer.Key, layer.Sum(node => node.Hits), layer.Sum(node => node.Misses))),
        ]);
}
