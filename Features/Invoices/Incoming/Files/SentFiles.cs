using System.Security.Cryptography;
using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Receiving;

namespace ECommerce.Features.Invoices.Incoming.Files;

/// <summary>
/// Which file of this program something in the pool is about. A name does not tell it alone: another program may have
/// used the same one before, and a pool goes on listing what became of that file.
/// </summary>
internal static class SentFiles
{
    /// <summary>The file of an invoice that has a name, in any case and with any extension.</summary>
    public static InvoiceFile? Find(Invoice invoice, string name)
    {
        var stem = InvoiceFileName.Stem(name);
        return invoice.Files.FirstOrDefault(file => InvoiceFileName.Stem(file.Name) == stem);
    }

    /// <summary>Whether the bytes are those of the file, signed by the provider or not.</summary>
    public static bool HasBytes(InvoiceFile file, byte[] content) =>
        file.Sha256.AsSpan().SequenceEqual(SHA256.HashData(content))
        || file.Sha256.AsSpan().SequenceEqual(SHA256.HashData(ReceivedFileReader.Read(content, file.Name).Xml));

    /// <summary>
    /// Whether a notification of the file's name is about it. The hash decides; of a signed file, which has another
    /// one, or without one, it is what was sent and has no other id.
    /// </summary>
    public static bool IsAbout(InvoiceFile file, ReceivedNotification notification)
    {
        if (notification.Hash is { } hash
            && string.Equals(notification.FileName, file.Name, StringComparison.OrdinalIgnoreCase))
        {
            return string.Equals(hash, Convert.ToHexString(file.Sha256), StringComparison.OrdinalIgnoreCase);
        }
        return file.Outcome is not ("generated" or "refused_by_provider")
            && (file.SdiId is null || notification.SdiId is null || file.SdiId == notification.SdiId);
    }
}
