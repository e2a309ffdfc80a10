using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Orders;

internal static class GetOrder
{
    public static async Task<Results<Ok<OrderDetails>, NotFound>> Handle(
        long id, Tenant tenant, MultiLevelCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var order = await cache.GetOrCreateAsync(
            OrdersCaching.Order.Key(tenant, id), (contexts, tenant, id),
            static async ValueTask<OrderDetails?> (state, entry, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                var found = await OrderReader.FindAsync(db, state.id, ct);
                foreach (var tag in found.DependencyTags(state.tenant))
                    entry.DependsOn(tag);
                return found;
            },
            OrdersCaching.Order, ct);

        return order is null ? TypedResults.NotFound() : TypedResults.Ok(order);
    }

    private static IEnumerable<string> DependencyTags(this OrderDetails? order, Tenant tenant)
    {
        if (order is null)
            yield break;
        yield return Tags.Customer(tenant, order.CustomerId);
        yield return Tags.Countries(tenant);
        foreach (var address in new[] { order.AddressDeliveryId, order.AddressInvoiceId }.OfType<long>().Distinct())
            yield return Tags.Address(tenant, address);
    }
}
