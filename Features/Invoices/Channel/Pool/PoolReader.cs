using System.Runtime.CompilerServices;
using ECommerce.Features.Invoices.Documents;

namespace ECommerce.Features.Invoices.Channel.Pool;

/// <summary>Reads the events of an account, page by page, and the files that they are about.</summary>
internal sealed class PoolReader(
    IFatturaPaProvider provider, HttpClient storage, ProviderRequests requests, DownloadHosts hosts,
    ChannelSettings settings)
{
    // A signed file with a text form, as the reader of received files allows it.
    private const int MaxFile = 8 << 20;

    private const int MaxPage = 8 << 20;
    private const int MaxLink = 64 << 10;

    // Beyond the pages that a filter leaves; a storage without filters lists 20,000 events.
    private const int MaxPages = 20;

    private const string Listing = "List of the pool";
    private const string Downloading = "Download";
    private const string PartitionHeader = "x-ms-continuation-NextPartitionKey";
    private const string RowHeader = "x-ms-continuation-NextRowKey";

    /// <summary>A page, and where the next one begins; null: nowhere.</summary>
    public async Task<(IReadOnlyList<PoolEntry> Items, PoolPosition? Next)> ReadAsync(
        ProviderKey key, PoolPosition? from, string? filter, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var opened = await requests.RepeatedAsync(
                new Request(Listing, MaxLink, settings.CallTimeout, key),
                token => provider.PoolAsync(key.Reveal(), token), ct);
            var link = ProviderLink.Read(Listing, opened.Body, hosts);
            try
            {
                var page = await requests.RepeatedAsync(
                    new Request(Listing, MaxPage, settings.TransferTimeout, null),
                    token => GetAsync(Address(link.Target, from, filter), token), ct);
                var next = page.Header(RowHeader) is { } row && page.Header(PartitionHeader) is { } partition
                    ? new PoolPosition(partition, row)
                    : null;
                return (PoolFeed.Read(Listing, page.Body), next);
            }
            catch (FatturaPaException failure) when (failure.Fault == ProviderFault.LinkRefused && attempt == 1)
            {
                // Once more, with a new link.
            }
        }
    }

    /// <summary>The first event about an invoice file or a notification of it; null: there is none.</summary>
    public async Task<PoolEntry?> FindFileAsync(ProviderKey key, string fileName, CancellationToken ct) =>
        await FindFilesAsync(key, fileName, first: true, ct) is [var found, ..] ? found : null;

    /// <summary>All events about invoice files of a name and notifications of them.</summary>
    public Task<IReadOnlyList<PoolEntry>> FindFilesAsync(ProviderKey key, string fileName, CancellationToken ct) =>
        FindFilesAsync(key, fileName, first: false, ct);

    /// <summary>All events about one invoice.</summary>
    /// <param name="key">Whose pool is searched.</param>
    /// <param name="sdiId">IdentificativoSdI, at most 36 letters and digits.</param>
    /// <param name="ct">Cancels.</param>
    public Task<IReadOnlyList<PoolEntry>> FindAsync(ProviderKey key, string sdiId, CancellationToken ct) =>
        sdiId.Length is > 0 and <= 36 && sdiId.All(char.IsAsciiLetterOrDigit)
            ? FindAsync(key, $"IdentificativoSdI eq '{sdiId}'", entry => entry.SdiId == sdiId, first: false, ct)
            : Task.FromResult<IReadOnlyList<PoolEntry>>([]);

    /// <summary>
    /// The pages behind a position; in the order of the pool each. The end is that of the moment.
    /// </summary>
    /// <param name="key">Whose pool is read.</param>
    /// <param name="mark">The last event that is known; null: all are returned.</param>
    /// <param name="ct">Cancels.</param>
    public async IAsyncEnumerable<IReadOnlyList<PoolEntry>> BeyondAsync(
        ProviderKey key, PoolPosition? mark, [EnumeratorCancellation] CancellationToken ct)
    {
        // The rest of the partition, and then those behind it: a storage finds each of the two without a scan.
        string?[] filters = mark is null
            ? [null]
            :
            [
                $"PartitionKey eq '{Quoted(mark.PartitionKey)}' and RowKey gt '{Quoted(mark.RowKey)}'",
                $"PartitionKey gt '{Quoted(mark.PartitionKey)}'",
            ];
        foreach (var filter in filters)
        {
            PoolPosition? next = null;
            do
            {
                (var items, next) = await ReadAsync(key, next, filter, ct);
                // The storage may not know the filter.
                var page = items.Where(entry => entry.Position.IsBeyond(mark))
                    .OrderBy(static entry => entry.PartitionKey, StringComparer.Ordinal)
                    .ThenBy(static entry => entry.RowKey, StringComparer.Ordinal).ToArray();
                if (page.Length > 0)
                    mark = page[^1].Position;
                yield return page;
            }
            while (next is not null);
        }
    }

    /// <summary>An event with a new link; null: it is not listed any more.</summary>
    public async Task<PoolEntry?> FindAtAsync(
        ProviderKey key, PoolPosition position, string fileName, CancellationToken ct)
    {
        var found = await FindAsync(
            key, $"PartitionKey eq '{Quoted(position.PartitionKey)}' and RowKey eq '{Quoted(position.RowKey)}'",
            entry => entry.Position == position && entry.FileName == fileName, first: true, ct);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>The bytes of the file that an event is about.</summary>
    public async Task<byte[]> DownloadAsync(PoolEntry entry, CancellationToken ct)
    {
        if (entry.Link is not { } link)
            throw new FatturaPaException(ProviderFault.NotFound, $"{Downloading}: the provider has no such file.");
        hosts.Check(link.Target);
        var response = await requests.RepeatedAsync(
            new Request(Downloading, MaxFile, settings.TransferTimeout, null),
            token => GetAsync(link.Target, token), ct);
        return response.Body;
    }

    private Task<IReadOnlyList<PoolEntry>> FindFilesAsync(
        ProviderKey key, string fileName, bool first, CancellationToken ct)
    {
        var stem = InvoiceFileName.Stem(fileName);
        var from = fileName[..fileName.IndexOf('.', StringComparison.Ordinal)];
        // The names that begin so: a tilde is behind all that a name may have.
        return FindAsync(
            key, $"NomeFile ge '{from}' and NomeFile lt '{from}~'",
            entry => entry.Direction == PoolDirection.Sale && IsAbout(entry.FileName, stem), first, ct);
    }

    // The storage may not know the filter: each entry is checked again.
    private async Task<IReadOnlyList<PoolEntry>> FindAsync(
        ProviderKey key, string filter, Func<PoolEntry, bool> isWanted, bool first, CancellationToken ct)
    {
        var found = new List<PoolEntry>();
        PoolPosition? next = null;
        for (var page = 0; page < MaxPages; page++)
        {
            (var items, next) = await ReadAsync(key, next, filter, ct);
            found.AddRange(items.Where(isWanted));
            if (next is null || (first && found.Count > 0))
                return found;
        }
        // Not to be found in a part is not to be missing.
        throw new FatturaPaException(ProviderFault.TooLarge, $"{Listing}: the pool has too many events to search.");
    }

    private static string Quoted(string text) => text.Replace("'", "''", StringComparison.Ordinal);

    private static bool IsAbout(string fileName, string stem)
    {
        var other = InvoiceFileName.Stem(fileName);
        return other == stem || other.StartsWith($"{stem}_", StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> GetAsync(Uri target, CancellationToken ct) =>
        storage.GetAsync(target, HttpCompletionOption.ResponseHeadersRead, ct);

    private static Uri Address(Uri link, PoolPosition? from, string? filter)
    {
        var query = link.Query;
        if (filter is not null)
            query += $"&$filter={Uri.EscapeDataString(filter)}";
        if (from is not null)
        {
            query += $"&NextPartitionKey={Uri.EscapeDataString(from.PartitionKey)}"
                + $"&NextRowKey={Uri.EscapeDataString(from.RowKey)}";
        }
        return new UriBuilder(link) { Query = query.TrimStart('?', '&') }.Uri;
    }
}
