using ECommerce.Features.Invoices.Documents;

namespace ECommerce.Features.Invoices.Issuing;

/// <summary>The progressives of files: used once for ever by each sender, over all tenants and years.</summary>
internal static class FileProgressives
{
    // One statement that locks the row at once, also where it does not exist yet.
    private const string Take = """
        INSERT INTO invoice_transmitters (transmitter, last_number) VALUES (@transmitter, LAST_INSERT_ID(1))
        ON DUPLICATE KEY UPDATE last_number = LAST_INSERT_ID(last_number + 1)
        """;

    /// <summary>
    /// The next progressive of a sender. To be called last: other files of the sender wait until the end of the
    /// transaction. A rollback returns it.
    /// </summary>
    public static async Task<string> TakeAsync(WriteTransaction tx, TaxNumber sender, CancellationToken ct) =>
        InvoiceFileName.Progressive(await tx.InsertAsync(
            Take, new { transmitter = $"{sender.Country}{sender.Code}" }, ct));
}
