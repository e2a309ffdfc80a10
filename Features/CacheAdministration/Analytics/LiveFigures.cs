using System.Text.Json;
using ECommerce.Caching.Administration;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace ECommerce.Features.CacheAdministration.Analytics;

/// <summary>
/// The present figures of all nodes as the streams send them. All streams of a tenant share one question to the nodes.
/// </summary>
internal sealed class LiveFigures(
    ICacheAdministration administration, IOptions<JsonOptions> json, TimeProvider time)
{
    private const int MaxTenants = 1000;

    // Shorter than the period of a stream, which would show some figures twice.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly ShortMemo<string, LiveFigure> _memo = new(time, Lifetime, MaxTenants);

    /// <param name="tenant">Whose entries and keys; null: those of all tenants.</param>
    /// <param name="ct">Ends the wait, and not the question.</param>
    public Task<LiveFigure> GetAsync(string? tenant, CancellationToken ct) =>
        _memo.GetAsync(tenant ?? "", MakeAsync).WaitAsync(ct);

    private async Task<LiveFigure> MakeAsync(string tenant)
    {
        var reports = await administration.StatisticsAsync(tenant.Length > 0 ? tenant : null, CancellationToken.None);
        var figures = CacheFigures.From(reports);
        return new LiveFigure(
            figures, JsonSerializer.SerializeToUtf8Bytes(figures, json.Value.SerializerOptions));
    }
}

internal sealed record LiveFigure(CacheFigures Figures, byte[] Json);
