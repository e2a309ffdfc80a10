using ECommerce.Features.Invoices.Channel.Pool;
using Refit;

namespace ECommerce.Features.Invoices.Channel;

/// <summary>
/// The way to the SDI and back: sends files, lists what came, and downloads it. The key decides whose account it is.
/// Failures are <see cref="FatturaPaException"/>, whose messages are for people.
/// </summary>
internal sealed class FatturaPaChannel(
    IHttpClientFactory clients, ChannelSettings settings, DownloadHosts hosts, PageTokens tokens, TimeProvider time)
{
    public const string ProviderClient = "fatturapa-provider";
    public const string StorageClient = "fatturapa-storage";

    private const int MaxVerification = 4 << 10;

    // Refit's own exception would carry the request, and with it the API key.
    private static readonly RefitSettings Refit = new()
    {
        TransportExceptionFactory = static (_, exception, _) => exception,
    };

    private readonly ProviderRequests _requests = new(settings, time);

    /// <exception cref="FatturaPaException">The provider does not accept the key, or could not be asked.</exception>
    public Task VerifyAsync(ProviderKey key, CancellationToken ct) => _requests.RepeatedAsync(
        new Request("Check of the API key", MaxVerification, settings.CallTimeout, key),
        token => Provider().VerifyAsync(key.Reveal(), token), ct);

    /// <inheritdoc cref="InvoiceSender.SendAsync"/>
    public Task<SendOutcome> SendAsync(
        ProviderKey key, string fileName, ReadOnlyMemory<byte> file, bool lookUpFirst, CancellationToken ct) =>
        new InvoiceSender(Provider(), Storage(), _requests, hosts, Pool(), settings, time)
            .SendAsync(key, fileName, file, lookUpFirst, ct);

    /// <summary>One page of the tenant's pool, oldest first.</summary>
    /// <param name="tenant">Whose token is read and made.</param>
    /// <param name="key">Of the same tenant.</param>
    /// <param name="pageToken">Of the page before; null: the first page.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="BadInputException">The token is not one of this tenant.</exception>
    public async Task<PoolPage> ReadPoolAsync(Tenant tenant, ProviderKey key, string? pageToken, CancellationToken ct)
    {
        var from = pageToken is null ? null : tokens.Open(tenant, pageToken);
        var (items, next) = await Pool().ReadAsync(key, from, null, ct);
        return new PoolPage(items, next is null ? null : tokens.Create(tenant, next));
    }

    /// <inheritdoc cref="PoolReader.FindFileAsync"/>
    public Task<PoolEntry?> FindFileAsync(ProviderKey key, string fileName, CancellationToken ct) =>
        Pool().FindFileAsync(key, fileName, ct);

    /// <inheritdoc cref="SentFileSearch.FindSentAsync"/>
    public Task<PoolEntry?> FindSentAsync(
        ProviderKey key, string fileName, ReadOnlyMemory<byte> sent, string? exceptSdiId, CancellationToken ct) =>
        Pool().FindSentAsync(key, fileName, sent, exceptSdiId, ct);

    /// <inheritdoc cref="PoolReader.FindAsync(ProviderKey, string, CancellationToken)"/>
    public Task<IReadOnlyList<PoolEntry>> FindAsync(ProviderKey key, string sdiId, CancellationToken ct) =>
        Pool().FindAsync(key, sdiId, ct);

    /// <inheritdoc cref="PoolReader.BeyondAsync"/>
    public IAsyncEnumerable<IReadOnlyList<PoolEntry>> ReadBeyondAsync(
        ProviderKey key, PoolPosition? mark, CancellationToken ct) => Pool().BeyondAsync(key, mark, ct);

    /// <inheritdoc cref="PoolReader.FindAtAsync"/>
    public Task<PoolEntry?> FindAtAsync(
        ProviderKey key, PoolPosition position, string fileName, CancellationToken ct) =>
        Pool().FindAtAsync(key, position, fileName, ct);

    /// <inheritdoc cref="PoolReader.DownloadAsync"/>
    public Task<byte[]> DownloadAsync(PoolEntry entry, CancellationToken ct) => Pool().DownloadAsync(entry, ct);

    private PoolReader Pool() => new(Provider(), Storage(), _requests, hosts, settings);

    private IFatturaPaProvider Provider()
    {
        var http = clients.CreateClient(ProviderClient);
        http.BaseAddress = settings.BaseAddress;
        return RestService.For<IFatturaPaProvider>(http, Refit);
    }

    private HttpClient Storage() => clients.CreateClient(StorageClient);
}
