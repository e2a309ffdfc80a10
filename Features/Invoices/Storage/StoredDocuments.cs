using System.Xml;
using System.Xml.Linq;
using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Xml;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Invoices.Storage;

/// <summary>A file as it is stored.</summary>
internal sealed record StoredFile(string Name, byte[] Content);

/// <summary>Reads the documents of stored files.</summary>
internal static class StoredDocuments
{
    /// <summary>The file that stands for an invoice: the one that the SDI accepted, or else the last one.</summary>
    public static Task<StoredFile?> FileOfAsync(this ECommerceDbContext db, long invoice, CancellationToken ct) =>
        db.Rows<InvoiceFile>().Where(file => file.InvoiceId == invoice)
            .OrderByDescending(file => file.Outcome == "delivered" || file.Outcome == "undeliverable")
            .ThenByDescending(file => file.Id)
            .Select(file => new StoredFile(file.Name, file.Content)).FirstOrDefaultAsync(ct);

    /// <summary>
    /// The document of a file; null where its bytes are no invoice any more: then the rest is still shown.
    /// </summary>
    public static InvoiceDocument? Read(byte[]? content)
    {
        if (content is null)
            return null;
        try
        {
            using var stream = new MemoryStream(content, writable: false);
            using var reader = XmlReader.Create(
                stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            return InvoiceXmlReader.Read(XDocument.Load(reader)) is [var document, ..] ? document : null;
        }
        catch (Exception exception) when (exception is XmlException or FormatException)
        {
            return null;
        }
    }
}
