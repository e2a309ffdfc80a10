using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders.Parts;

/// <summary>
/// A shipment with its carrier. TrackingUrl: the carrier's page of the tracking number, where both are known. Shipping
/// costs are in the order's currency.
/// </summary>
internal sealed record OrderShipmentDetails(
    long Id, long? OriginId, int? CarrierId, string? CarrierName, string? TrackingNumber, string? TrackingUrl,
    decimal Weight, decimal ShippingCostTaxExcl, decimal ShippingCostTaxIncl, DateTime DateAdd);

/// <summary>The shipments of an order, as its shop has them.</summary>
internal static class GetOrderShipments
{
    public static async Task<Results<Ok<PagedResult<OrderShipmentDetails>>, NotFound>> Handle(
        long id, Tenant tenant, MultiLevelCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var shipments = await cache.GetOrCreateAsync(
            OrdersCaching.Shipments.Key(tenant, id), (contexts, tenant, id),
            static async ValueTask<IReadOnlyList<OrderShipmentDetails>?> (state, entry, ct) =>
            {
                // The order's version covers its shipments.
                entry.DependsOn(OrdersCaching.Order.Key(state.tenant, state.id));
                await using var db = state.contexts.ForReading(state.tenant);
                return await QueryAsync(db, state.id, ct);
            },
            OrdersCaching.Shipments, ct);

        return shipments is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(
                new PagedResult<OrderShipmentDetails>(shipments, shipments.Count, Page: 1, Limit: shipments.Count));
    }

    private static async Task<IReadOnlyList<OrderShipmentDetails>?> QueryAsync(
        ECommerceDbContext db, long id, CancellationToken ct) =>
        await db.Orders.Where(o => o.Id == id)
            .Select(o => o.Shipments.OrderBy(shipment => shipment.Id).Select(shipment => new OrderShipmentDetails(
                shipment.Id, shipment.OriginId, shipment.CarrierId, shipment.Carrier!.Name, shipment.TrackingNumber,
                // Carriers have "@" in the place of the number.
                shipment.Carrier!.Url!.Replace("@", shipment.TrackingNumber), shipment.Weight,
                shipment.ShippingCostTaxExcl, shipment.ShippingCostTaxIncl, shipment.DateAdd)).ToList())
            .SingleOrDefaultAsync(ct);
}
