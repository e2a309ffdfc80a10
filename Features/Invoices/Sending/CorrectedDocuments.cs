using ECommerce.Features.Data.Entities;
using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Issuing;
using ECommerce.Features.Invoices.Requests;
using ECommerce.Features.Invoices.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Invoices.Sending;

/// <summary>
/// Makes the document of an invoice anew after the SDI has discarded it, or the provider has refused it. The parties
/// are those of today, so that a corrected tax code, address or recipient code counts: the address of the order, and
/// the settings of the seller. Number, date, lines and amounts stay.
/// </summary>
internal sealed class CorrectedDocuments(InvoiceIssuer issuer)
{
    /// <param name="tx">Whose invoice is locked.</param>
    /// <param name="invoice">The invoice. Its request and its columns about the buyer are changed.</param>
    /// <param name="reusable">A name that the SDI has not seen; null: the file gets a new one.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The document without faults, or the problem.</returns>
    public async Task<(CreatedInvoice? Made, ProblemHttpResult? Problem)> MakeAsync(
        WriteTransaction tx, Invoice invoice, string? reusable, CancellationToken ct)
    {
        var (settings, missing) = await InvoiceSettingsReader.ReadAsync(tx.Db, ct);
        if (missing.Count > 0)
            return (null, InvoiceProblems.SettingsMissing(missing));
        var stored = StoredRequests.Read(invoice.Request);
        var request = stored with
        {
            // The rules of the VAT are those of the invoice.
            Settings = stored.Settings with
            {
                Seller = settings.Seller,
                TransmitterTaxCode = settings.TransmitterTaxCode,
            },
            Buyer = await BuyerAsync(tx.Db, invoice, ct) ?? stored.Buyer,
        };
        // Before a name is taken: a refused document consumes none.
        var checkedFirst = InvoiceFactory.Create(request, issuer.Today);
        if (checkedFirst is not { Faults.Count: 0, Document: { } document })
            return (null, InvoiceProblems.Refused(checkedFirst.Faults));
        if (!HasAmountsOf(invoice, document))
            return (null, SendProblems.AmountsChanged(invoice.Reference));

        var sender = document.Transmission.Sender;
        request = request with
        {
            Progressive = Progressive(reusable, sender) ?? await FileProgressives.TakeAsync(tx, sender, ct),
        };
        var made = InvoiceFactory.Create(request, issuer.Today);
        if (made.Faults.Count > 0)
            return (null, InvoiceProblems.Refused(made.Faults));
        invoice.Request = StoredRequests.Write(request);
        invoice.FillBuyer(document.Buyer);
        return (made, null);
    }

    // Null: there is no address that an invoice could have, or the customer's personal data were erased.
    private static async Task<InvoiceBuyer?> BuyerAsync(ECommerceDbContext db, Invoice invoice, CancellationToken ct)
    {
        if (await db.Rows<Customer>().AnyAsync(c => c.Id == invoice.CustomerId && c.ErasedAt != null, ct))
            return null;
        var order = await db.Rows<Order>().Where(o => o.Id == invoice.OrderId).SingleAsync(ct);
        if (await OrderToInvoice.AddressAsync(db, order.AddressInvoiceId, ct) is not { Country: not null } address)
            return null;
        var delivery = await OrderToInvoice.AddressAsync(db, order.AddressDeliveryId, ct);
        return OrderToInvoice.Buyer(address, delivery?.Country?.IsoCode);
    }

    private static bool HasAmountsOf(Invoice invoice, InvoiceDocument document)
    {
        var made = new Invoice();
        made.FillAmounts(document);
        return (made.TotalTaxable, made.TotalTax, made.Total, made.StampDuty)
            == (invoice.TotalTaxable, invoice.TotalTax, invoice.Total, invoice.StampDuty);
    }

    // Of another sender the same progressive may have been used.
    private static string? Progressive(string? name, TaxNumber sender)
    {
        var prefix = $"{sender.Country}{sender.Code}_";
        return name is not null && name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            ? name[prefix.Length..name.IndexOf('.', StringComparison.Ordinal)]
            : null;
    }
}
