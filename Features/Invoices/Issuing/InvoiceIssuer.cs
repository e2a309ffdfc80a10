using System.Security.Cryptography;
using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Parties;
using ECommerce.Features.Invoices.Requests;
using ECommerce.Features.Invoices.Storage;
using ECommerce.Features.Invoices.Validation;

namespace ECommerce.Features.Invoices.Issuing;

/// <summary>
/// Makes the documents of requests. A document is checked before it gets a number, so that a refused one consumes none.
/// </summary>
internal sealed class InvoiceIssuer(DocumentNumbers numbers, TimeProvider time, ShopTimeZone zone)
{
    /// <summary>The day on which a document would be made now.</summary>
    public DateOnly Today => zone.DayOf(time.GetUtcNow().UtcDateTime);

    /// <summary>A number, a date and a name for checks: as long as those that are taken.</summary>
    public InvoiceRequest Draft(InvoiceSettings settings, InvoiceBuyer buyer, InvoicedOrder order) => new(
        $"1/{Today.Year}", Today, InvoiceFileName.Progressive(0), settings, buyer, order);

    /// <summary>
    /// Adds the document of a request with the next number, saved and not committed. To be called last: from here on
    /// other documents of the tenant wait.
    /// </summary>
    /// <param name="tx">In which the number is taken.</param>
    /// <param name="draft">What the document is made from.</param>
    /// <param name="row">The row, with what the document does not state.</param>
    /// <param name="ct">Cancels the write.</param>
    /// <returns>Why there is none; empty: it is added.</returns>
    public async Task<IReadOnlyList<InvoiceFault>> AddAsync(
        WriteTransaction tx, InvoiceRequest draft, Invoice row, CancellationToken ct)
    {
        if (InvoiceFactory.Create(draft) is { Faults: { Count: > 0 } faults })
            return faults;
        var sender = InvoiceParties.Sender(draft.Settings, InvoiceParties.Seller(draft.Settings.Seller));
        var number = await numbers.TakeAsync(
            tx, DocumentKinds.Invoice, ct, year => FirstNumbers.OfYearAsync(tx.Db, year, ct));
        var request = draft with
        {
            Number = number.Reference,
            Date = number.Day,
            Progressive = await FileProgressives.TakeAsync(tx, sender, ct),
        };
        var made = InvoiceFactory.Create(request);
        if (made is not { Faults.Count: 0, Document: { } document })
            return made.Faults;

        row.Fill(number, document);
        row.Request = StoredRequests.Write(request);
        row.Files.Add(new InvoiceFile
        {
            Tenant = tx.Db.Tenant,
            Name = made.FileName,
            Content = made.Xml,
            Sha256 = SHA256.HashData(made.Xml),
            Outcome = "generated",
            CreatedAt = number.Moment,
        });
        foreach (var item in row.Items)
            item.Tenant = tx.Db.Tenant;
        tx.Db.Add(row);
        await tx.SaveAsync(ct);
        return [];
    }
}
