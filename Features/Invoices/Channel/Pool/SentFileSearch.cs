using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Receiving;

namespace ECommerce.Features.Invoices.Channel.Pool;

/// <summary>
/// Looks in the pool for a file that was sent, or may have been. Its name is not enough: another program may have used
/// it before, for another invoice.
/// </summary>
internal static class SentFileSearch
{
    private const int MaxCompared = 10;

    /// <summary>The first event about a file.</summary>
    /// <param name="pool">Where it is looked for.</param>
    /// <param name="key">Of the account.</param>
    /// <param name="fileName">The name under which it was sent.</param>
    /// <param name="sent">Its bytes.</param>
    /// <param name="exceptSdiId">What is known of it already; null: nothing.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Null: the pool does not list the file.</returns>
    /// <exception cref="FatturaPaException">The pool, or a file in it, could not be read.</exception>
    public static async Task<PoolEntry?> FindSentAsync(
        this PoolReader pool, ProviderKey key, string fileName, ReadOnlyMemory<byte> sent, string? exceptSdiId,
        CancellationToken ct)
    {
        var stem = InvoiceFileName.Stem(fileName);
        var events = (await pool.FindFilesAsync(key, fileName, ct))
            .Where(entry => exceptSdiId is null || entry.SdiId != exceptSdiId).ToArray();
        var files = events.Where(entry => InvoiceFileName.Stem(entry.FileName) == stem).ToArray();
        // Notifications alone, or too many files, cannot be compared: a file that may be listed is not sent again.
        if (files.Length is 0 or > MaxCompared)
            return events.FirstOrDefault();
        foreach (var file in files)
        {
            if (file.Link is null || IsSame(sent, await pool.DownloadAsync(file, ct), fileName))
                return file;
        }
        return null;
    }

    // A provider may sign a file, inside or around it: then the document in it decides.
    private static bool IsSame(ReadOnlyMemory<byte> sent, byte[] listed, string name)
    {
        if (sent.Span.SequenceEqual(listed))
            return true;
        return ReceivedFileReader.Read(sent, name).Invoices is [var own, ..]
            && ReceivedFileReader.Read(listed, name).Invoices is [var other, ..]
            && (own.Seller.VatNumber, own.General.Kind, own.General.Number, own.General.Date)
                == (other.Seller.VatNumber, other.General.Kind, other.General.Number, other.General.Date);
    }
}
