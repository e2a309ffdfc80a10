using ECommerce.Features.Data.Entities;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Addresses;

/// <summary>
/// Where goods went and to whom an invoice was made out does not change with the address book: before an address
/// changes, its orders are given a copy of it, which is deleted from the beginning, so that only they show it.
/// </summary>
internal static class AddressesOfOrders
{
    public static async Task KeepAsync(WriteTransaction tx, Address address, DateTime now, CancellationToken ct)
    {
        var id = address.Id;
        // Locked, so that no order is written meanwhile; an order that is being made waits for the address itself.
        var orders = await OrdersOf(tx.Db, id).OrderBy(o => o.Id).ForUpdateUntracked().Select(o => o.Id)
            .ToArrayAsync(ct);
        if (orders.Length == 0)
            return;

        var copy = tx.Db.Add(CopyOf(address, now)).Entity;
        await tx.SaveAsync(ct);
        var copyId = (long?)copy.Id;
        foreach (var order in orders)
            tx.AddTagsOf(new Order { Tenant = tx.Db.Tenant, Id = order });
        // One statement: an address may have very many orders.
        await tx.BulkAsync([], db => OrdersOf(db, id).ExecuteUpdateAsync(
            set => set
                .SetProperty(
                    o => o.AddressDeliveryId,
                    o => o.AddressDeliveryId == id ? copyId : o.AddressDeliveryId)
                .SetProperty(
                    o => o.AddressInvoiceId,
                    o => o.AddressInvoiceId == id ? copyId : o.AddressInvoiceId)
                .SetProperty(o => o.RowVersion, o => o.RowVersion + 1), ct));
    }

    // Deleted orders too: they may be restored.
    private static IQueryable<Order> OrdersOf(ECommerceDbContext db, long address) =>
        db.Rows<Order>().Where(o => o.AddressDeliveryId == address || o.AddressInvoiceId == address);

    private static Address CopyOf(Address address, DateTime now) => new()
    {
        CustomerId = address.CustomerId,
        CountryId = address.CountryId,
        Alias = address.Alias,
        Company = address.Company,
        Firstname = address.Firstname,
        Lastname = address.Lastname,
        VatNumber = address.VatNumber,
        Dni = address.Dni,
        Address1 = address.Address1,
        Address2 = address.Address2,
        Postcode = address.Postcode,
        City = address.City,
        State = address.State,
        Phone = address.Phone,
        PhoneMobile = address.PhoneMobile,
        Pec = address.Pec,
        Sdi = address.Sdi,
        Other = address.Other,
        DateAdd = address.DateAdd,
        DateUpd = address.DateUpd,
        DeletedAt = now,
    };
}
