using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Incoming.Files;
using ECommerce.Features.Invoices.Receiving;
using ECommerce.Features.Invoices.Storage;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Invoices.Incoming;

/// <summary>Reads what is stored of invoices by their IdentificativoSdI.</summary>
internal static class PoolInvoices
{
    /// <summary>What is known; null: nothing is stored.</summary>
    /// <param name="db">Of the tenant.</param>
    /// <param name="sdiId">IdentificativoSdI.</param>
    /// <param name="dependsOn">Called with the tags of the rows that are shown.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<PoolInvoiceDetails?> FindAsync(
        ECommerceDbContext db, string sdiId, Action<string> dependsOn, CancellationToken ct)
    {
        if ((await OwnAsync(db, sdiId, dependsOn, ct) ?? await ReceivedAsync(db, sdiId, ct)) is not { } found)
            return null;
        return found with
        {
            Events = await db.Rows<PoolEvent>().Where(e => e.SdiId == sdiId).OrderBy(e => e.Id)
                .Select(e => new PoolInvoiceEvent(e.Kind, e.FileName, e.Outcome, e.ListedAt)).ToListAsync(ct),
        };
    }

    /// <summary>The bytes of the invoice file; null: it is not stored.</summary>
    public static async Task<StoredFile?> FileAsync(ECommerceDbContext db, string sdiId, CancellationToken ct) =>
        await OwnFiles(db, sdiId).Select(file => new StoredFile(file.Name, file.Content)).FirstOrDefaultAsync(ct)
        ?? await PoolFetch.StoredFiles(db, sdiId).Select(e => new StoredFile(e.FileName, e.Content!))
            .FirstOrDefaultAsync(ct);

    private static async Task<PoolInvoiceDetails?> OwnAsync(
        ECommerceDbContext db, string sdiId, Action<string> dependsOn, CancellationToken ct)
    {
        if (await OwnFiles(db, sdiId)
            .Join(
                db.Invoices, file => file.InvoiceId, invoice => invoice.Id,
                (file, invoice) => new { file, invoice.State })
            .FirstOrDefaultAsync(ct) is not { } own)
        {
            return null;
        }
        dependsOn(Tags.Invoice(db.Tenant, own.file.InvoiceId));
        var document = StoredDocuments.Read(own.file.Content);
        return new PoolInvoiceDetails(
            sdiId, PoolEvent.Sale, own.file.Name, document is not null,
            document is null ? FileStore.Name(UnreadableReason.NoInvoice) : null, null, null,
            Convert.ToHexStringLower(own.file.Sha256), own.file.Content.Length, own.file.CreatedAt)
        {
            InvoiceId = own.file.InvoiceId,
            State = own.State,
            Documents = document is null
                ? []
                : [Shown(DocumentRows.Create(new PoolEvent { Tenant = db.Tenant, SdiId = sdiId }, document, 1))],
        };
    }

    private static async Task<PoolInvoiceDetails?> ReceivedAsync(
        ECommerceDbContext db, string sdiId, CancellationToken ct)
    {
        if (await PoolFetch.StoredFiles(db, sdiId).Select(e => new
        {
            e.Id,
            e.Direction,
            e.FileName,
            e.Outcome,
            e.Reason,
            e.Detail,
            e.Signature,
            e.Sha256,
            e.Size,
            e.ProcessedAt,
        }).FirstOrDefaultAsync(ct) is not { } file)
        {
            return null;
        }
        var documents = await db.Rows<PoolDocument>().Where(d => d.EventId == file.Id).OrderBy(d => d.Position)
            .ToListAsync(ct);
        return new PoolInvoiceDetails(
            sdiId, file.Direction, file.FileName, file.Outcome == PoolEvent.Stored, file.Reason, file.Detail,
            file.Signature, Convert.ToHexStringLower(file.Sha256 ?? []), file.Size ?? 0, file.ProcessedAt ?? default)
        {
            Documents = [.. documents.Select(Shown)],
        };
    }

    // A file that the SDI accepted before one that it discarded.
    private static IQueryable<InvoiceFile> OwnFiles(ECommerceDbContext db, string sdiId) =>
        db.Rows<InvoiceFile>().Where(file => file.SdiId == sdiId)
            .OrderByDescending(file => file.Outcome == "delivered" || file.Outcome == "undeliverable")
            .ThenByDescending(file => file.Id);

    private static PoolInvoiceDocument Shown(PoolDocument row) => new(
        row.DocumentType, row.Number, row.LocalDate, row.SellerName, row.SellerVatNumber, row.SellerTaxCode,
        row.BuyerName, row.BuyerVatNumber, row.BuyerTaxCode, row.Currency, row.Total, row.TotalTaxable, row.TotalTax);
}
