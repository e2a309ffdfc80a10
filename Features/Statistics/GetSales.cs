using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Statistics;

/// <summary>
/// The orders and refunds of a range of days, by default the last 30, grouped. Days are those of the shop's zone.
/// </summary>
public sealed class SalesQuery : ReadQuery
{
    private const int MaxDays = 3660;
    private const int DefaultDays = 30;

    public SalesQuery(QueryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var from = reader.Day("from");
        To = reader.Day("to") ?? reader.Today;
        GroupBy = reader.Choice("group_by", "day", "day", "month", "state", "shop");
        Currency = reader.Currency("currency");
        var isEarly = To.DayNumber < DefaultDays;
        From = from ?? (isEarly ? DateOnly.MinValue : To.AddDays(1 - DefaultDays));
        if (from is null && isEarly)
            reader.Reject("to", "is too early.");
        else if (From > To)
            reader.Reject("from", "must not lie after to, which is today if not given.");
        else if (To.DayNumber - From.DayNumber >= MaxDays)
            reader.Reject("from", $"must not lie more than {MaxDays} days before to.");
    }

    public DateOnly From { get; }

    /// <summary>The last day, included.</summary>
    public DateOnly To { get; }

    public string GroupBy { get; }

    /// <summary>One currency; null for all, each by itself.</summary>
    public string? Currency { get; }

    internal string Name => $"sales_by_{GroupBy}";

    internal SalesRange Range => new(From, To, Currency);

    public static ValueTask<SalesQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new SalesQuery(reader));
}

/// <summary>Names of the statistics, one per grouping.</summary>
internal static class SalesGrouping
{
    public const string Day = "sales_by_day";
    public const string Month = "sales_by_month";
    public const string State = "sales_by_state";
    public const string Shop = "sales_by_shop";
}

internal readonly record struct SalesRange(DateOnly From, DateOnly To, string? Currency);

/// <summary>The range includes <paramref name="To"/>. Totals are one for each currency.</summary>
internal sealed record Sales(
    DateOnly From, DateOnly To, string GroupBy, string? Currency, IReadOnlyList<SalesGroup> Items,
    IReadOnlyList<SalesGroup> Totals);

internal static class GetSales
{
    public static async Task<Ok<Sales>> Handle(
        SalesQuery query, Tenant tenant, IStatistics statistics, CancellationToken ct)
    {
        var items = await statistics.SalesAsync(tenant, query.Name, query.Range, ct);
        var totals = items.GroupBy(item => item.Currency).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => SalesGroup.Sum(group.Key, group));
        return TypedResults.Ok(new Sales(query.From, query.To, query.GroupBy, query.Currency, items, [.. totals]));
    }
}
