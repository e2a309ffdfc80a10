using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders.Parts;

/// <summary>A payment in its own currency, which may be another than the order's.</summary>
internal sealed record OrderPaymentDetails(
    long Id, long? OriginId, string PaymentMethod, string? TransactionId, decimal Amount, string Currency,
    decimal ConversionRate, DateTime DateAdd);

/// <summary>
/// The payments of an order. A shop files them under the order's reference: one for several orders is shown with each.
/// </summary>
internal static class GetOrderPayments
{
    public static async Task<Results<Ok<PagedResult<OrderPaymentDetails>>, NotFound>> Handle(
        long id, Tenant tenant, MultiLevelCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var payments = await cache.GetOrCreateAsync(
            OrdersCaching.Payments.Key(tenant, id), (contexts, tenant, id),
            static async ValueTask<IReadOnlyList<OrderPaymentDetails>?> (state, entry, ct) =>
            {
                // The order's version covers its payments.
                entry.DependsOn(OrdersCaching.Order.Key(state.tenant, state.id));
                await using var db = state.contexts.ForReading(state.tenant);
                return await QueryAsync(db, state.id, ct);
            },
            OrdersCaching.Payments, ct);

        return payments is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(
                new PagedResult<OrderPaymentDetails>(payments, payments.Count, Page: 1, Limit: payments.Count));
    }

    private static async Task<IReadOnlyList<OrderPaymentDetails>?> QueryAsync(
        ECommerceDbContext db, long id, CancellationToken ct) =>
        await db.Orders.Where(o => o.Id == id)
            .Select(o => o.Payments.OrderBy(payment => payment.Id).Select(payment => new OrderPaymentDetails(
                payment.Id, payment.OriginId, payment.PaymentMethod, payment.TransactionId, payment.Amount,
                payment.Currency, payment.ConversionRate, payment.DateAdd)).ToList())
            .SingleOrDefaultAsync(ct);
}
