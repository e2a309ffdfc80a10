using System.Security.Cryptography;
using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Receiving;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Invoices.Incoming.Files;

/// <summary>Stores downloaded invoice files with what they state; one that cannot be read with its reason.</summary>
internal sealed class FileStore(WriteTransactions transactions)
{
    private const int MaxDetail = 300;

    private const string StillHeld = $"SELECT {BusinessLock.StillHeld}";

    /// <summary>
    /// Stores a file once. Its name and its bytes are those of others: whatever they are, it is stored.
    /// </summary>
    /// <param name="tenant">Whose pool it is of.</param>
    /// <param name="eventId">The event that lists it.</param>
    /// <param name="fileName">As it is listed.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="held">The lock of the download.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>False: the lock was lost, and nothing is stored.</returns>
    public async Task<bool> StoreAsync(
        Tenant tenant, long eventId, string fileName, byte[] content, BusinessLock held, CancellationToken ct)
    {
        // Before the transaction: reading takes long for a large file.
        var file = ReceivedFileReader.Read(content, fileName);
        var isMetadata = !file.IsReadable && file.Xml.Length > 0 && ReceivedNotification.IsMetadata(file.Xml);

        await using var tx = await transactions.BeginAsync(tenant, ct);
        var found = await tx.Db.Rows<PoolEvent>().Where(e => e.Id == eventId).ForUpdate().SingleAsync(ct);
        if (found is { Content: not null, NextAttemptAt: null })
            return true;
        Fill(found, content, tx.Now);
        found.Signature = isMetadata ? null : Name(file.Signature);
        if (file.IsReadable || isMetadata)
        {
            found.Outcome = PoolEvent.Stored;
            foreach (var (index, document) in file.Invoices.Index())
                tx.Db.Add(DocumentRows.Create(found, document, index + 1));
        }
        else
        {
            Retries.MarkUnreadable(
                found, Name(file.Reason!.Value), DocumentRows.Cut(file.Detail, MaxDetail), tx.Now);
        }
        await tx.SaveAsync(ct);
        if (!await tx.ScalarAsync<bool>(StillHeld, held.Guard(new { }), ct))
            return false;
        await tx.CommitAsync(ct);
        return true;
    }

    /// <summary>Sets the bytes of an event; its outcome is left to the caller.</summary>
    public static void Fill(PoolEvent found, byte[] content, DateTime now)
    {
        found.Content = content;
        found.Size = content.Length;
        found.Sha256 = SHA256.HashData(content);
        found.Reason = null;
        found.Detail = null;
        found.NextAttemptAt = null;
        found.ProcessedAt = now;
    }

    /// <summary>As it is stored and returned: <c>not_checked</c>.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
