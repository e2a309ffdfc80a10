using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Statistics;

/// <summary>The orders of a range of time, the last thirty days by default, grouped.</summary>
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
        From = from ?? (Until > DateTime.MinValue.AddDays(DefaultDays) ? Until.AddDays(-DefaultDays) : DateTime.MinValue);
        if (From >= Until)
            reader.Refuse(from is null ? "to" : "from", from is null ? "is too early." : "must lie before to, which is the end of today if not given.");
        else if (Until - From > TimeSpan.FromDays(MaxDays))
            reader.Refuse("from", $"must not lie more than {MaxDays} days before to.");
    }

    public DateTime From { get; }

    /// <summary>Is not in the range itself.</summary>
    public DateTime Until { get; }

    public string GroupBy { get; }

    internal string Name => $"sales_by_{GroupBy}";

    internal SalesRange Range => new(From, Until);

    public static ValueTask<SalesQuery> BindAsync(HttpContext context) => QueryReader.BindAsync(context, static reader => new SalesQuery(reader));
}

/// <summary>Names of the statistics, by what their orders are grouped by.</summary>
internal static class SalesGrouping
{
    public const string Day = "sales_by_day";
    public const string Month = "sales_by_month";
    public const string State = "sales_by_state";
    public const string Shop = "sales_by_shop";
}

internal readonly record struct SalesRange(DateTime From, DateTime Until);

/// <summary>One group: a day, a month, or a state or shop by its id (<c>none</c> for the orders of no shop) with its name.</summary>
internal sealed record SalesItem(string Key, string? Name, long Orders, long PaidOrders, decimal TotalPaid, decimal TotalPaidTaxExcl);

internal sealed record SalesTotals(long Orders, long PaidOrders, decimal TotalPaid, decimal TotalPaidTaxExcl);

/// <summary>The end itself, <paramref name="To"/>, is not in the range.</summary>
internal sealed record Sales(DateTime From, DateTime To, string GroupBy, IReadOnlyList<SalesItem> Items, SalesTotals Totals);

internal static class GetSales
{
    public static async Task<Ok<Sales>> Handle(SalesQuery query, Tenant tenant, IStatistics statistics, CancellationToken ct)
    {
        var items = await statistics.SalesAsync(tenant, query.Name, query.Range, ct);
        var totals = new SalesTotals(
            items.Sum(item => item.Orders), items.Sum(item => item.PaidOrders), items.Sum(item => item.TotalPaid), items.Sum(item => item.TotalPaidTaxExcl));
        return TypedResults.Ok(new Sales(query.From, query.Until, query.GroupBy, items, totals));
    }
}
