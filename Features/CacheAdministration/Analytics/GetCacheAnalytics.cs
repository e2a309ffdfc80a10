using ECommerce.Caching.History;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.CacheAdministration.Analytics;

public sealed class CacheAnalyticsQuery : ReadQuery
{
    public CacheAnalyticsQuery(QueryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        From = reader.From("from");
        To = reader.Until("to");
        StepMinutes = reader.Number("step_minutes", fallback: 0, minimum: 0, maximum: 60);
        if (From >= To)
            reader.Reject("from", "must be before to.");
    }

    public DateTime? From { get; }

    public DateTime? To { get; }

    public int StepMinutes { get; }

    public static ValueTask<CacheAnalyticsQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new CacheAnalyticsQuery(reader));
}

internal static class GetCacheAnalytics
{
    public static async Task<Results<Ok<CacheAnalytics>, ProblemHttpResult>> Handle(
        CacheAnalyticsQuery query, CacheScope scope, RecentAnalytics analytics, TimeProvider time,
        CancellationToken ct) =>
        AnalyticsRange.Find(query.From, query.To, query.StepMinutes, time.GetUtcNow().UtcDateTime) is { } range
            ? TypedResults.Ok(await analytics.GetAsync(range, showsMemory: scope.Tenant is null, ct))
            : throw BadInputException.OfQuery("from", "The time must be within the last 24 hours.");
}

/// <summary>Builds what is asked for; of those who ask for the same within some seconds, once.</summary>
internal sealed class RecentAnalytics(ICacheHistory history, TimeProvider time)
{
    private const int MaxEntries = 32;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly ShortMemo<(AnalyticsRange Range, bool ShowsMemory), CacheAnalytics> _memo =
        new(time, Lifetime, MaxEntries);

    /// <param name="range">Which steps.</param>
    /// <param name="showsMemory">Whether entries of all tenants may be shown.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<CacheAnalytics> GetAsync(AnalyticsRange range, bool showsMemory, CancellationToken ct) =>
        _memo.GetAsync((range, showsMemory), MakeAsync).WaitAsync(ct);

    private async Task<CacheAnalytics> MakeAsync((AnalyticsRange Range, bool ShowsMemory) key) =>
        new AnalyticsBuilder(key.Range, key.ShowsMemory).Build(
            await history.ReadAsync(key.Range.From, key.Range.To, CancellationToken.None));
}
