using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Receiving;
using ECommerce.Features.Invoices.Storage;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Invoices.Incoming.Files;

/// <summary>
/// Stores what comes back about sent files. A notification, what it changes in the life of its invoice, and the end of
/// its event are one transaction; each may come often and in any order.
/// </summary>
internal sealed class NotificationStore(WriteTransactions transactions, TenantDbContexts contexts)
{
    private const int MaxDetail = 300;
    private const int MaxName = 100;

    /// <summary>Whether a file of the tenant was sent, as far as is known, and has no id of the SDI yet.</summary>
    public async Task<bool> AwaitsReceiptAsync(Tenant tenant, string fileName, CancellationToken ct)
    {
        var name = $"{InvoiceFileName.Stem(fileName)}.xml";
        await using var db = contexts.ForReading(tenant);
        return await db.Rows<InvoiceFile>().AnyAsync(
            file => file.Name == name && file.SdiId == null && (file.Outcome == "sent" || file.Outcome == "uncertain"),
            ct);
    }

    /// <summary>The provider has a file: one whose fate was not known is sent.</summary>
    /// <param name="tenant">Whose pool it is of.</param>
    /// <param name="eventId">The event.</param>
    /// <param name="content">
    /// What the provider has; null: no file waits for it. Another program may have used the name for other bytes.
    /// </param>
    /// <param name="ct">Cancels.</param>
    public async Task StoreReceiptAsync(Tenant tenant, long eventId, byte[]? content, CancellationToken ct)
    {
        await using var tx = await transactions.BeginAsync(tenant, ct);
        // The invoice is locked before the event, as by every write of it.
        var listed = await tx.Db.Rows<PoolEvent>().Where(e => e.Id == eventId)
            .Select(e => new { e.FileName, e.SdiId }).SingleAsync(ct);
        if (content is not null
            && await tx.LockInvoiceOfAsync(listed.FileName, ct) is { } invoice
            && SentFiles.Find(invoice, listed.FileName) is { } file && SentFiles.HasBytes(file, content))
        {
            await tx.FoundAsync(listed.FileName, PoolEvent.IsSdiId(listed.SdiId) ? listed.SdiId : null, ct);
        }
        if (await PendingAsync(tx, eventId, ct) is not { } found)
            return;
        found.Outcome = PoolEvent.Stored;
        (found.Reason, found.Detail, found.NextAttemptAt) = (null, null, null);
        found.ProcessedAt = tx.Now;
        await tx.CommitAsync(ct);
    }

    /// <summary>
    /// Stores a notification. One of a kind that is not known is stored as well; one about a file that this program has
    /// not sent is stored with its event only.
    /// </summary>
    public async Task StoreAsync(
        Tenant tenant, long eventId, string fileName, byte[] content, CancellationToken ct)
    {
        var read = ReceivedNotification.Read(
            content, fileName, PoolNames.KindOf(fileName), out var reason, out var detail);

        await using var tx = await transactions.BeginAsync(tenant, ct);
        // First of all locks that of the invoice: a repetition waits for the first one there.
        var invoice = read is null ? null : await ApplyAsync(tx, read, fileName, ct);
        if (await PendingAsync(tx, eventId, ct) is not { } found)
            return;
        FileStore.Fill(found, content, tx.Now);
        if (read is null)
        {
            Retries.MarkUnreadable(
                found, FileStore.Name(reason), DocumentRows.Cut(detail, MaxDetail), tx.Now);
        }
        else
        {
            found.Outcome = PoolEvent.Stored;
            if (invoice is not null && !read.IsInvoice)
                await AddAsync(tx, invoice, found, read, ct);
        }
        await tx.CommitAsync(ct);
    }

    // Null: no file of this program.
    private static async Task<Invoice?> ApplyAsync(
        WriteTransaction tx, ReceivedNotification read, string fileName, CancellationToken ct)
    {
        var name = read.IsInvoice ? fileName : read.FileName ?? PoolNames.InvoiceOf(fileName);
        if (name is null || await tx.LockInvoiceOfAsync(name, ct) is not { } invoice
            || SentFiles.Find(invoice, name) is not { } file || !SentFiles.IsAbout(file, read))
        {
            return null;
        }
        // The provider may list the invoice itself under a kind of its own.
        if (read.IsInvoice)
            return await tx.FoundAsync(fileName, null, ct);
        return read.Decision is { } decision && PoolEvent.IsSdiId(decision.SdiId)
            ? await tx.NotifyAsync(decision, ct)
            : invoice;
    }

    private static async Task AddAsync(
        WriteTransaction tx, Invoice invoice, PoolEvent found, ReceivedNotification read, CancellationToken ct)
    {
        var sdiId = PoolEvent.IsSdiId(read.SdiId) ? read.SdiId : found.SdiId;
        var about = read.FileName ?? PoolNames.InvoiceOf(found.FileName) ?? "";
        if (!PoolEvent.IsSdiId(sdiId) || SentFiles.Find(invoice, about) is not { } file)
            return;
        // The lock of the invoice keeps another one from being added meanwhile.
        if (await tx.Db.Rows<InvoiceNotification>().AnyAsync(
            n => n.SdiId == sdiId && n.Kind == read.Kind && n.FileName == file.Name, ct))
        {
            return;
        }
        tx.Db.Add(new InvoiceNotification
        {
            InvoiceId = invoice.Id,
            Kind = read.Kind,
            SdiId = sdiId!,
            FileName = file.Name,
            NotificationName = Ascii(found.FileName),
            Errors = read.Errors,
            Content = found.Content,
            SdiReceivedAt = read.SdiTime?.UtcDateTime,
            ReceivedAt = tx.Now,
        });
    }

    // Null: another process has stored it meanwhile.
    private static Task<PoolEvent?> PendingAsync(WriteTransaction tx, long id, CancellationToken ct) =>
        tx.Db.Rows<PoolEvent>().Where(e => e.Id == id && e.NextAttemptAt != null).ForUpdate()
            .SingleOrDefaultAsync(ct);

    private static string Ascii(string name)
    {
        var ascii = new string([.. name.Select(static c => char.IsAscii(c) && !char.IsControl(c) ? c : '?')]);
        return ascii.Length <= MaxName ? ascii : ascii[..MaxName];
    }
}
