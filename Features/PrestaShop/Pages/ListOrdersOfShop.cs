using System.Globalization;
using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.PrestaShop.Pages;

/// <summary>Which page of a shop's orders; ids of states and customers are the shop's.</summary>
public sealed class ShopOrdersQuery : ShopPageQuery
{
    private const int MaxReference = 9;

    public ShopOrdersQuery(QueryReader reader)
        : base(reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        CurrentState = reader.Id("current_state");
        Customer = reader.Id("id_customer");
        Reference = reader.Text("reference", MaxReference);
        if (Reference is not null && !Reference.All(char.IsAsciiLetterOrDigit))
            reader.Reject("reference", "must be letters and digits.");
        Canonical = reader.Canonical;
    }

    public long? CurrentState { get; }

    public long? Customer { get; }

    public string? Reference { get; }

    internal IReadOnlyCollection<KeyValuePair<string, string>> Canonical { get; }

    public static new ValueTask<ShopOrdersQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new ShopOrdersQuery(reader));

    internal override void AddFilters(Dictionary<string, string> query)
    {
        if (CurrentState is { } state)
            query["filter[current_state]"] = string.Create(CultureInfo.InvariantCulture, $"[{state}]");
        if (Customer is { } customer)
            query["filter[id_customer]"] = string.Create(CultureInfo.InvariantCulture, $"[{customer}]");
        if (Reference is not null)
            query["filter[reference]"] = $"[{Reference}]";
    }
}

/// <summary>The orders as the shop has them now, whether they are imported or not.</summary>
internal static class ListOrdersOfShop
{
    public static Task<Results<Ok<ShopPage<OrderOfShop>>, NotFound, ProblemHttpResult>> Handle(
        long id, ShopOrdersQuery query, Tenant tenant, QueryHash hash, ShopPages pages, MultiLevelCache cache,
        CancellationToken ct) =>
        ShopPages.RespondAsync(cache.GetOrCreateAsync(
            PagesCaching.Orders.Key(tenant, id, query.Page, hash.Compute(query.Canonical)), (pages, tenant, id, query),
            static (state, _, ct) => state.pages.ReadAsync(
                state.tenant, state.id, "orders",
                "[id,reference,id_customer,current_state,payment,id_currency,total_paid_tax_incl,total_paid_tax_excl,"
                    + "valid,date_add,date_upd]",
                state.query,
                static row => new OrderOfShop(
                    row.Id, row.Text("reference", 64), row.Reference("id_customer"), row.Reference("current_state"),
                    row.Text("payment", 255), row.Reference("id_currency"), row.Exact("total_paid_tax_incl"),
                    row.Exact("total_paid_tax_excl"), row.Flag("valid"), row.Time("date_add"), row.Time("date_upd")),
                ct),
            PagesCaching.Orders, ct));
}
