using ECommerce.Features.Invoices.Documents;

namespace ECommerce.Features.Invoices.Issuing;

/// <summary>The progressives of files: used once for ever by each sender, over all tenants and years.</summary>
internal static class FileProgressives
{
    // One statement that locks the row at once, also where it does not exist yet.
    private const string Take = """
        INSERT INTO invoice_transmitters (transmitter, last_number) VALUES (@transmitter, LAST_INSERT_ID(@first))
        ON DUPLICATE KEY UPDATE last_number = LAST_INSERT_ID(last_number + 1)
        """;

    private const string Exists = "SELECT 1 FROM invoice_transmitters WHERE transmitter = @transmitter";

    /// <summary>
    /// The next progressive of a sender. To be called last: other files of the sender wait until the end of the
    /// transaction. A rollback returns it.
    /// </summary>
    public static async Task<string> TakeAsync(WriteTransaction tx, TaxNumber sender, CancellationToken ct)
    {
        var transmitter = $"{sender.Country}{sender.Code}";
        // A row is never deleted: where one is added meanwhile, the number is the next one of that row.
        var first = await tx.ScalarAsync<int?>(Exists, new { transmitter }, ct) is null
            ? await FirstNumbers.OfFilesAsync(tx.Db, ct)
            : 1;
        return InvoiceFileName.Progressive(await tx.InsertAsync(Take, new { transmitter, first }, ct));
    }
}
