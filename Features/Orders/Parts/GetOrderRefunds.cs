using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders.Parts;

/// <summary>A refund in the order's currency; its totals are of products and shipping together.</summary>
internal sealed record OrderRefundDetails(
    long Id, long? OriginId, decimal ConversionRate, decimal TotalProductsTaxExcl,
    decimal TotalProductsTaxIncl, decimal TotalShippingTaxExcl, decimal TotalShippingTaxIncl, decimal TotalTaxExcl,
    decimal TotalTaxIncl, bool IsPartial, DateTime DateAdd, DateOnly LocalDate)
{
    public string Currency { get; init; } = "";

    public IReadOnlyList<OrderRefundLineDetails> Lines { get; init; } = [];
}

/// <summary>Amounts are for the whole quantity.</summary>
internal sealed record OrderRefundLineDetails(
    long? OrderLineId, int ProductQuantity, decimal AmountTaxExcl, decimal AmountTaxIncl);

/// <summary>The refunds of an order, which leave its own amounts as they are.</summary>
internal static class GetOrderRefunds
{
    public static async Task<Results<Ok<PagedResult<OrderRefundDetails>>, NotFound>> Handle(
        long id, Tenant tenant, MultiLevelCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var refunds = await cache.GetOrCreateAsync(
            OrdersCaching.Refunds.Key(tenant, id), (contexts, tenant, id),
            static async ValueTask<IReadOnlyList<OrderRefundDetails>?> (state, entry, ct) =>
            {
                // The order's version covers its refunds.
                entry.DependsOn(OrdersCaching.Order.Key(state.tenant, state.id));
                await using var db = state.contexts.ForReading(state.tenant);
                return await QueryAsync(db, state.id, ct);
            },
            OrdersCaching.Refunds, ct);

        return refunds is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(
                new PagedResult<OrderRefundDetails>(refunds, refunds.Count, Page: 1, Limit: refunds.Count));
    }

    // One statement, so that refunds and their lines are of one state.
    private static async Task<IReadOnlyList<OrderRefundDetails>?> QueryAsync(
        ECommerceDbContext db, long id, CancellationToken ct)
    {
        var order = await db.Orders.Where(o => o.Id == id)
            .Select(o => new
            {
                o.Currency,
                Refunds = o.Refunds.OrderBy(refund => refund.Id).Select(refund => new OrderRefundDetails(
                    refund.Id, refund.OriginId, refund.ConversionRate, refund.TotalProductsTaxExcl,
                    refund.TotalProductsTaxIncl, refund.TotalShippingTaxExcl, refund.TotalShippingTaxIncl,
                    refund.TotalTaxExcl, refund.TotalTaxIncl, refund.IsPartial, refund.DateAdd, refund.LocalDate))
                    .ToList(),
                Parts = o.RefundLines.OrderBy(part => part.Id).ToList(),
                Lines = o.Lines.Where(line => line.OriginId != null).Select(line => new { line.Id, line.OriginId })
                    .ToList(),
            })
            .SingleOrDefaultAsync(ct);
        if (order is null)
            return null;
        var lines = order.Lines.ToLookup(line => line.OriginId, line => (long?)line.Id);
        var parts = order.Parts.ToLookup(
            part => (long?)part.RefundOriginId, part => new OrderRefundLineDetails(
                lines[part.LineOriginId].FirstOrDefault(), part.ProductQuantity, part.AmountTaxExcl,
                part.AmountTaxIncl));
        return order.Refunds.ConvertAll(refund => refund with
        {
            Currency = order.Currency,
            Lines = [.. parts[refund.OriginId]],
        });
    }
}
