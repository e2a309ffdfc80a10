using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Statistics;

/// <summary>The orders of a time range, by default the last 30 days, grouped.</summary>
public sealed class SalesQuery : ReadQuery
{
    private const int MaxDays = 3660;
    private const int DefaultDays = 30;

    public SalesQuery(QueryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var from = reader.From("from");
        var until = reader.Until("to");
        GroupBy = reader.Choice("group_by", "day", "day", "month", "state", "shop");
        Until = until ?? reader.Today.AddDays(1);
        From = from
            ?? (Until > DateTime.MinValue.AddDays(DefaultDays) ? Until.AddDays(-DefaultDays) : DateTime.MinValue);
        if (From >= Until)
            RejectRange(reader, from is null);
        else if (Until - From > TimeSpan.FromDays(MaxDays))
            reader.Reject("from", $"must not lie more than {MaxDays} days before to.");
    }

    public DateTime From { get; }

    /// <summary>Exclusive end of the range.</summary>
    public DateTime Until { get; }

    public string GroupBy { get; }

    internal string Name => $"sales_by_{GroupBy}";

    internal SalesRange Range => new(From, Until);

    public static ValueTask<SalesQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new SalesQuery(reader));

    private static void RejectRange(QueryReader reader, bool isDefaultFrom)
    {
        if (isDefaultFrom)
            reader.Reject("to", "is too early.");
        else
            reader.Reject("from", "must lie before to, which is the end of today if not given.");
    }
}

/// <summary>Names of the statistics, one per grouping.</summary>
internal static class SalesGrouping
{
    public const string Day = "sales_by_day";
    public const string Month = "sales_by_month";
    public const string State = "sales_by_state";
    public const string Shop = "sales_by_shop";
}

internal readonly record struct SalesRange(DateTime From, DateTime Until);

/// <summary>
/// One group: a day, a month, or a state or shop by its id (<c>none</c> for the orders of no shop) with its name.
/// </summary>
internal sealed record SalesItem(
    string Key, string? Name, long Orders, long PaidOrders, decimal TotalPaid, decimal TotalPaidTaxExcl);

internal sealed record SalesTotals(long Orders, long PaidOrders, decimal TotalPaid, decimal TotalPaidTaxExcl);

/// <summary>The range ends before <paramref name="To"/>.</summary>
internal sealed record Sales(
    DateTime From, DateTime To, string GroupBy, IReadOnlyList<SalesItem> Items, SalesTotals Totals);

internal static class GetSales
{
    public static async Task<Ok<Sales>> Handle(
        SalesQuery query, Tenant tenant, IStatistics statistics, CancellationToken ct)
    {
        var items = await statistics.SalesAsync(tenant, query.Name, query.Range, ct);
        var totals = new SalesTotals(
            items.Sum(item => item.Orders), items.Sum(item => item.PaidOrders), items.Sum(item => item.TotalPaid),
            items.Sum(item => item.TotalPaidTaxExcl));
        return TypedResults.Ok(new Sales(query.From, query.Until, query.GroupBy, items, totals));
    }
}
