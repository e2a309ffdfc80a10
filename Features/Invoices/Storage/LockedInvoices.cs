using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Lifecycle;
using Microsoft.EntityFrameworkCore;
using FileRow = ECommerce.Features.Data.Entities.Invoices.InvoiceFile;

namespace ECommerce.Features.Invoices.Storage;

/// <summary>
/// Invoices whose lives change. The row of the invoice is locked before those of its files, so that two writes of one
/// invoice wait for each other there.
/// </summary>
internal static class LockedInvoices
{
    /// <summary>An invoice with its files, locked until the end of the transaction; null: there is none.</summary>
    public static async Task<Invoice?> LockInvoiceAsync(this WriteTransaction tx, long id, CancellationToken ct)
    {
        var invoice = await tx.Db.Invoices.Where(i => i.Id == id).ForUpdate().SingleOrDefaultAsync(ct);
        if (invoice is not null)
        {
            // The change tracker adds them to the invoice.
            await tx.Db.Rows<FileRow>().Where(file => file.InvoiceId == id).OrderBy(file => file.Id).ForUpdate()
                .LoadAsync(ct);
        }
        return invoice;
    }

    /// <summary>The invoice that has a file, locked as by <see cref="LockInvoiceAsync"/>.</summary>
    /// <param name="tx">Of the tenant.</param>
    /// <param name="fileName">In any case, with any extension.</param>
    /// <param name="ct">Cancels the read.</param>
    /// <returns>Null: no invoice of the tenant has such a file.</returns>
    public static async Task<Invoice?> LockInvoiceOfAsync(
        this WriteTransaction tx, string fileName, CancellationToken ct)
    {
        // As it is made; the column is compared without case.
        var name = $"{InvoiceFileName.Stem(fileName)}.xml";
        return await tx.Db.Rows<FileRow>().Where(file => file.Name == name).Select(file => (long?)file.InvoiceId)
            .SingleOrDefaultAsync(ct) is { } id
                ? await tx.LockInvoiceAsync(id, ct)
                : null;
    }

    /// <summary>
    /// Applies an answer of the SDI to the invoice of its file. It is neither saved nor committed here, so that the
    /// notification itself can be stored with it: <c>Add(new InvoiceNotification { InvoiceId = … })</c>.
    /// </summary>
    /// <returns>The locked invoice, changed or not; null: no invoice of the tenant has the file.</returns>
    public static Task<Invoice?> NotifyAsync(
        this WriteTransaction tx, FileNotification notification, CancellationToken ct) =>
        tx.ChangeLifeAsync(notification.FileName, life => life.Notify(notification), ct);

    /// <summary>The pool lists the file, so the provider has taken it.</summary>
    /// <inheritdoc cref="NotifyAsync" path="/returns"/>
    public static Task<Invoice?> FoundAsync(
        this WriteTransaction tx, string fileName, string? sdiId, CancellationToken ct) =>
        tx.ChangeLifeAsync(fileName, life => life.Send(fileName, sdiId), ct);

    private static async Task<Invoice?> ChangeLifeAsync(
        this WriteTransaction tx, string fileName, Func<InvoiceLife, InvoiceLife> change, CancellationToken ct)
    {
        if (await tx.LockInvoiceOfAsync(fileName, ct) is not { } invoice)
            return null;
        invoice.Store(change(invoice.Life()), tx.Now);
        return invoice;
    }
}
