using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Issuing;
using ECommerce.Features.Invoices.Requests;
using ECommerce.Features.Invoices.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Invoices;

/// <summary>
/// Takes an invoice back, or a part of it. The prices are those of the invoice, whatever became of the order since.
/// </summary>
internal static class CreateCreditNote
{
    public static async Task<Results<Created<InvoiceDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, CreditNoteDraft draft, Tenant tenant, CurrentUser user, WriteTransactions transactions,
        InvoiceIssuer issuer, HttpContext http, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        // Locked, so that what is left of it is counted once.
        if (await tx.Db.Invoices.Where(i => i.Id == id).ForUpdateUntracked().SingleOrDefaultAsync(ct)
            is not { } invoice)
        {
            return TypedResults.NotFound();
        }
        if (invoice.DocumentType != Invoice.InvoiceType)
            return Problems.Conflict("not_an_invoice", $"Document {invoice.Reference} is a credit note.");
        if (invoice.State == "rejected")
        {
            return Problems.Conflict(
                "invoice_rejected",
                $"The SDI has discarded invoice {invoice.Reference}: there is nothing to take back.");
        }
        var (settings, missing) = await InvoiceSettingsReader.ReadAsync(tx.Db, ct);
        if (missing.Count > 0)
            return InvoiceProblems.SettingsMissing(missing);

        var request = StoredRequests.Read(invoice.Request);
        var left = await CreditableParts.ReadAsync(tx.Db, invoice, request, ct);
        var (refund, problem) = left.Choose(draft);
        if (refund is null)
            return problem!;

        var row = new Invoice
        {
            OrderId = invoice.OrderId,
            InvoiceId = invoice.Id,
            CustomerId = invoice.CustomerId,
            DocumentType = Invoice.CreditNoteType,
            CreatedBy = user.Id,
            CreditedShipping = refund.Shipping,
            CreditedWrapping = refund.Wrapping,
        };
        row.Items.AddRange(refund.Lines.Select(static line => new InvoiceItem
        {
            OrderLineId = line.Line,
            Quantity = (int)line.Quantity,
        }));
        var credited = new CreditedInvoice(new InvoiceReference(invoice.Reference, invoice.LocalDate))
        {
            Refund = left.IsWhole(refund) ? null : refund,
        };
        var note = issuer.Draft(SellerOf(request.Settings, settings), request.Buyer, request.Order) with
        {
            Credits = credited,
            Note = draft.Reason,
        };
        var faults = await issuer.AddAsync(tx, note, row, ct);
        if (faults.Count > 0)
            return InvoiceProblems.Refused(faults);

        var created = await GetInvoice.QueryAsync(tx.Db, row.Id, ct);
        return await tx.CommitCreatedAsync(http, $"/api/v1/invoices/{row.Id}", created!, ct);
    }

    // The rules of the VAT are those of the invoice; where the seller is, and who sends its files, are those of today.
    private static InvoiceSettings SellerOf(InvoiceSettings then, InvoiceSettings now) => then with
    {
        Seller = then.Seller.VatNumber == now.Seller.VatNumber
            ? now.Seller with { TaxRegime = then.Seller.TaxRegime }
            : then.Seller,
        TransmitterTaxCode = now.TransmitterTaxCode,
    };
}
