using ECommerce.Caching;
using ECommerce.Caching.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Orders;

internal sealed record OrderDetails(
    long Id, int? ShopId, long? OriginId, long RowVersion, string Reference, long CustomerId, long? AddressDeliveryId,
    long? AddressInvoiceId,
    int? CarrierId, int? LangId, int StateId, bool StatePending, string? Payment, decimal CarrierTaxRate,
    decimal TotalProducts,
    decimal TotalProductsWt, decimal TotalDiscounts, decimal TotalDiscountsTaxExcl, decimal TotalShipping,
    decimal TotalShippingTaxExcl,
    decimal TotalPaid, decimal TotalPaidTaxExcl, bool IsPaid, bool IsInvoiceRequested, string? Notes, int? AssignedTo,
    int? CreatedBy,
    DateTime? ProcessedAt, DateTime DateAdd, DateTime DateUpd) : IVersioned
{
    public CurrentState? State { get; init; }

    public OrderCustomer? Customer { get; init; }

    public OrderAddress? AddressDelivery { get; init; }

    public OrderAddress? AddressInvoice { get; init; }

    public IReadOnlyList<OrderLineDetails> Lines { get; init; } = [];
}

internal sealed record CurrentState(int Id, int? Number, string Name, string? Color, bool Paid, bool Shipped);

internal sealed record OrderCustomer(long Id, string Firstname, string Lastname, string Email, string? Company);

internal sealed record OrderAddress(
    long Id, string? Company, string Firstname, string Lastname, string? VatNumber, string? Dni, string Address1,
    string? Address2, string? Postcode,
    string City, string? State, int? CountryId, string? CountryName, string? Phone, string? PhoneMobile, string? Pec,
    string? Sdi);

internal sealed record OrderLineDetails(
    long Id, long? ProductId, string ProductName, string? ProductReference, int ProductQuantity,
    decimal UnitPriceTaxExcl, decimal UnitPriceTaxIncl,
    decimal VatRate, decimal ReductionPercent, decimal TotalPriceTaxExcl, decimal TotalPriceTaxIncl);

internal static partial class GetOrder
{
    public static async Task<Results<Ok<OrderDetails>, NotFound>> Handle(
        long id, Tenant tenant, MultiLevelCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var order = await cache.GetOrCreateAsync(
            OrdersCaching.Order.Key(tenant, id), (contexts, tenant, id),
            static async ValueTask<OrderDetails?> (state, entry, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                var found = await QueryAsync(db, state.id, ct);
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
