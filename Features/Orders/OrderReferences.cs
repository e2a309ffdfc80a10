
namespace ECommerce.Features.Orders;

/// <summary>Other rows that an order points at.</summary>
internal sealed record OrderReferences(
    long CustomerId, long? AddressDeliveryId, long? AddressInvoiceId, int? CarrierId, int? LangId, int? AssignedTo)
{
    private const string CustomersAddress = """
        SELECT id FROM addresses
        WHERE tenant_id = @tenant AND id = @id AND customer_id = @customer AND deleted_at IS NULL LOCK IN SHARE MODE
        """;

    private const string User = "SELECT id FROM users WHERE tenant_id = @tenant AND id = @id AND is_active = 1";

    public static OrderReferences From(OrderDraft order) =>
        new(order.CustomerId, order.AddressDeliveryId, order.AddressInvoiceId, order.CarrierId, order.LangId, order.AssignedTo);

    /// <summary>
    /// The fields that name what the tenant does not have. What the order pointed at before is not asked for again: it may be deleted by now,
    /// and the order keeps it.
    /// </summary>
    public async Task<Dictionary<string, string[]>> UnknownAsync(
        WriteTransaction tx, Tenant tenant, OrderReferences? before, CancellationToken ct)
    {
        var unknown = new Dictionary<string, string[]>();
        if (CustomerId != before?.CustomerId && !await tx.ExistsAsync("customers", tenant, CustomerId, ct))
            unknown["customer_id"] = ["There is no such customer."];
        if (CarrierId is { } carrier && carrier != before?.CarrierId && !await tx.ExistsAsync("carriers", tenant, carrier, ct))
            unknown["carrier_id"] = ["There is no such carrier."];
        if (LangId is { } lang && lang != before?.LangId && !await tx.ExistsAsync("langs", tenant, lang, ct))
            unknown["lang_id"] = ["There is no such language."];
        if (AssignedTo is { } user && user != before?.AssignedTo && await tx.ScalarAsync<int?>(User, new { tenant, id = user }, ct) is null)
            unknown["assigned_to"] = ["There is no such user."];
        var known = CustomerId == before?.CustomerId ? before : null;
        if (await IsNotTheirsAsync(AddressDeliveryId, known?.AddressDeliveryId))
            unknown["address_delivery_id"] = ["The customer has no such address."];
        if (await IsNotTheirsAsync(AddressInvoiceId, known?.AddressInvoiceId))
            unknown["address_invoice_id"] = ["The customer has no such address."];
        return unknown;

        async Task<bool> IsNotTheirsAsync(long? address, long? kept) =>
            address is { } id && id != kept && await tx.ScalarAsync<long?>(CustomersAddress, new { tenant, id, customer = CustomerId }, ct) is null;
    }
}
