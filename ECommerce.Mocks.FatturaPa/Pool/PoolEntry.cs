namespace ECommerce.Mocks.FatturaPa.Pool;

/// <summary>An event as the provider lists it.</summary>
/// <param name="Direction">Vendita or Acquisto.</param>
/// <param name="Kind">Ricezione, Ricevuta, RicevutaConsegna, NotificaScarto and so on.</param>
/// <param name="SdiId">IdentificativoSdI.</param>
/// <param name="FileName">Of the invoice, or of the notification.</param>
/// <param name="Content">The bytes that are downloaded.</param>
internal sealed record PoolEntry(string Direction, string Kind, string SdiId, string FileName, byte[] Content)
{
    public string PartitionKey { get; init; } = "";

    /// <summary>Ten digits, in the order in which the entries appeared.</summary>
    public string RowKey { get; init; } = "";

    public DateTimeOffset Timestamp { get; init; }
}
