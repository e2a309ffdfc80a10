using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Sales.Documents;

/// <summary>Other rows that an order or a quote points at.</summary>
internal sealed record SalesReferences(
    long CustomerId, long? AddressDeliveryId, long? AddressInvoiceId, int? CarrierId, int? LangId, int? AssignedTo)
{
    public static SalesReferences From(ISalesDraft draft) =>
        new(draft.CustomerId, draft.AddressDeliveryId, draft.AddressInvoiceId, draft.CarrierId, draft.LangId,
            draft.AssignedTo);

    public static SalesReferences From(ISalesDocument document) =>
        new(document.CustomerId, document.AddressDeliveryId, document.AddressInvoiceId, document.CarrierId,
            document.LangId, document.AssignedTo);

    /// <summary>
    /// The fields that name what the tenant does not have. What was pointed at before is not asked for again: it may be
    /// deleted by now, and the document keeps it.
    /// </summary>
    public async Task<Dictionary<string, string[]>> UnknownAsync(
        ECommerceDbContext db, SalesReferences? before, CancellationToken ct)
    {
        var unknown = new Dictionary<string, string[]>();
        if (CustomerId != before?.CustomerId
            && !await db.Customers.Where(c => c.Id == CustomerId).ExistsForShareAsync(ct))
        {
            unknown["customer_id"] = ["There is no such customer."];
        }

        if (CarrierId is { } carrier && carrier != before?.CarrierId
            && !await db.Carriers.Where(c => c.Id == carrier).ExistsForShareAsync(ct))
        {
            unknown["carrier_id"] = ["There is no such carrier."];
        }

        if (LangId is { } lang && lang != before?.LangId
            && !await db.Langs.Where(l => l.Id == lang).ExistsForShareAsync(ct))
        {
            unknown["lang_id"] = ["There is no such language."];
        }

        if (AssignedTo is { } user && user != before?.AssignedTo
            && !await db.Users.AnyAsync(u => u.Id == user && u.IsActive, ct))
        {
            unknown["assigned_to"] = ["There is no such user."];
        }

        var known = CustomerId == before?.CustomerId ? before : null;
        if (await IsNotTheirsAsync(AddressDeliveryId, known?.AddressDeliveryId))
            unknown["address_delivery_id"] = ["The customer has no such address."];
        if (await IsNotTheirsAsync(AddressInvoiceId, known?.AddressInvoiceId))
            unknown["address_invoice_id"] = ["The customer has no such address."];
        return unknown;

        async Task<bool> IsNotTheirsAsync(long? address, long? kept) =>
            address is { } id && id != kept
                && !await db.Addresses.Where(a => a.Id == id && a.CustomerId == CustomerId).ExistsForShareAsync(ct);
    }
}
