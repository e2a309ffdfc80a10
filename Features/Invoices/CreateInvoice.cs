using ECommerce.Features.Data.Entities;
using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Issuing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Invoices;

/// <summary>
/// Makes the invoice of an order, once. What the SDI would refuse is refused here, before a number is taken.
/// </summary>
internal static class CreateInvoice
{
    public static async Task<Results<Created<InvoiceDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, Tenant tenant, CurrentUser user, WriteTransactions transactions, InvoiceIssuer issuer,
        HttpContext http, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        // Locked, though it is not changed: two invoices of one order wait for each other here.
        if (await tx.Db.Orders.Where(o => o.Id == id).ForUpdateUntracked().SingleOrDefaultAsync(ct) is not { } order)
            return TypedResults.NotFound();
        if (await tx.Db.Invoices.Where(i => i.InvoicedOrderId == id).Select(i => (long?)i.Id)
            .SingleOrDefaultAsync(ct) is { } known)
        {
            return InvoiceProblems.AlreadyInvoiced(known);
        }
        var (settings, missing) = await InvoiceSettingsReader.ReadAsync(tx.Db, ct);
        if (missing.Count > 0)
            return InvoiceProblems.SettingsMissing(missing);
        if (await OrderToInvoice.AddressAsync(tx.Db, order.AddressInvoiceId, ct) is not { } address)
            return InvoiceProblems.AddressMissing("The order has no address for its invoice.");
        if (address.Country is null)
            return InvoiceProblems.AddressMissing("The address of the invoice has no country.");
        if (await tx.Db.Rows<Customer>().AnyAsync(c => c.Id == order.CustomerId && c.ErasedAt != null, ct))
            return Problems.Conflict("customer_erased", "The personal data of the customer were erased.");

        var delivery = await OrderToInvoice.AddressAsync(tx.Db, order.AddressDeliveryId, ct);
        var sold = await OrderToInvoice.ReadAsync(tx.Db, order, ct);
        var row = new Invoice
        {
            OrderId = id,
            InvoicedOrderId = id,
            CustomerId = order.CustomerId,
            OrderContent = InvoicedContent.Of((await OrderReader.FindAsync(tx.Db, id, ct))!),
            CreatedBy = user.Id,
        };
        row.Items.AddRange(sold.Lines.Where(static line => line.Quantity > 0).Select(static line => new InvoiceItem
        {
            OrderLineId = line.Id,
            Quantity = (int)line.Quantity,
        }));
        var draft = issuer.Draft(settings, OrderToInvoice.Buyer(address, delivery?.Country?.IsoCode), sold);
        var faults = await issuer.AddAsync(tx, draft, row, ct);
        if (faults.Count > 0)
            return InvoiceProblems.Refused(faults);

        var created = await GetInvoice.QueryAsync(tx.Db, row.Id, ct);
        return await tx.CommitCreatedAsync(http, $"/api/v1/invoices/{row.Id}", created!, ct);
    }
}
