namespace ECommerce.Features.Invoices.Channel.Pool;

/// <summary>An event in the pool of an account.</summary>
/// <param name="RowKey">Its place in the order of the pool.</param>
/// <param name="Direction">Of the invoice that it is about.</param>
/// <param name="Kind">As the provider names it: Ricevuta, RicevutaConsegna, NotificaScarto and so on.</param>
/// <param name="SdiId">IdentificativoSdI; null: the provider does not know it yet.</param>
/// <param name="FileName">Of the invoice, or of the notification.</param>
internal sealed record PoolEntry(
    string RowKey, PoolDirection Direction, string Kind, string? SdiId, string FileName)
{
    public string PartitionKey { get; init; } = "";

    public DateTimeOffset? Timestamp { get; init; }

    public PoolPosition Position => new(PartitionKey, RowKey);

    /// <summary>Where the file is. It holds a signature and is valid for a time: neither stored nor shown.</summary>
    public DownloadLink? Link { get; init; }
}

/// <summary>Who has made the invoice.</summary>
internal enum PoolDirection
{
    /// <summary>The tenant: Vendita.</summary>
    Sale,

    /// <summary>A supplier of the tenant: Acquisto.</summary>
    Purchase,
}

/// <summary>An address with a signature. A class whose text is not the address: no log line prints it.</summary>
internal sealed class DownloadLink(Uri target)
{
    public Uri Target => target;

    public override string ToString() => "***";
}

/// <summary>One page of a pool.</summary>
/// <param name="Items">In the order of the pool.</param>
/// <param name="NextPageToken">Null: this page is the last one for now.</param>
internal sealed record PoolPage(IReadOnlyList<PoolEntry> Items, string? NextPageToken);
