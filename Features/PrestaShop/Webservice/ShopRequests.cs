using System.Net;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// Single requests to one shop: at the pace that its host allows, within bounds of time and memory, with failures that
/// name their cause and never the API key.
/// </summary>
internal sealed class ShopRequests(
    IPrestaShopWebservice webservice, ShopKey key, TimeProvider time)
{
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxPauseOfPeople = TimeSpan.FromSeconds(5);

    private readonly RequestPace _pace = new(time);

    /// <summary>The zone in which the times of rows are read.</summary>
    public ShopClock Clock { get; set; } = ShopClock.Rome;

    /// <summary>How far the shop's clock is ahead of this process's, by its last response.</summary>
    public TimeSpan ClockOffset { get; private set; }

    public async Task<IReadOnlyList<ShopRow>> AskAsync(
        string resource, Dictionary<string, string> query, CancellationToken ct) =>
        (await AskAsync(resource, query, knownSha1: null, hashes: false, MaxPause, ct)).Rows!;

    /// <summary>
    /// The rows and the SHA-1 of their body; with the SHA-1 of a body that the caller has, the shop need not send that
    /// again. No patience with an overloaded shop: people wait.
    /// </summary>
    public Task<ShopContent> AskAsync(
        string resource, Dictionary<string, string> query, string? knownSha1, CancellationToken ct) =>
        AskAsync(resource, query, knownSha1, hashes: true, MaxPauseOfPeople, ct);

    private async Task<ShopContent> AskAsync(
        string resource, Dictionary<string, string> query, string? knownSha1, bool hashes, TimeSpan maxPause,
        CancellationToken ct)
    {
        key.AddTo(query);
        var paused = TimeSpan.Zero;
        while (true)
        {
            await _pace.WaitAsync(ct);
            var started = time.GetTimestamp();
            try
            {
                using var response = await SendAsync(resource, query, knownSha1, ct);
                if (response.StatusCode != HttpStatusCode.TooManyRequests)
                {
                    _pace.Accept();
                    ReadClock(response);
                    return knownSha1 is not null && response.StatusCode == HttpStatusCode.NotModified
                        ? new ShopContent(null, null)
                        : await ReadAsync(resource, response, LimitOf(query), hashes, ct);
                }
                var retryAfter = RetryAfter(response);
                paused += retryAfter ?? TimeSpan.FromSeconds(1);
                if (paused > maxPause)
                {
                    throw new PrestaShopException(
                        $"{resource}: the shop returned 429 for {maxPause.TotalSeconds:0} s, or asks to wait so long.",
                        ShopFault.Final);
                }
                _pace.SlowDown(retryAfter);
            }
            catch (Exception failure) when (
                failure is HttpRequestException or IOException or TimeoutException
                || (failure is OperationCanceledException && !ct.IsCancellationRequested))
            {
                throw Failure(resource, failure, time.GetElapsedTime(started));
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        string resource, Dictionary<string, string> query, string? knownSha1, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(HeadersTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        return await webservice.ListAsync(resource, query, knownSha1, either.Token);
    }

    private async Task<ShopContent> ReadAsync(
        string resource, HttpResponseMessage response, int limit, bool hashes, CancellationToken ct)
    {
        if (response.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest)
            throw Redirected(resource, response);
        using var body = await BoundedBody.ReadAsync(resource, response.Content, time, ct);
        try
        {
            var rows = await PrestaShopBody.RowsAsync(resource, response.StatusCode, body.Memory, Clock, limit);
            return new ShopContent(rows, hashes ? ShopContent.Hash(body.Memory.Span) : null);
        }
        catch (PrestaShopException refusal)
        {
            var hint = response.StatusCode == HttpStatusCode.Unauthorized && key.Mode == ShopAuthMode.Basic
                ? ". If the key is right, its host may remove the Authorization header: set auth_mode to query_key"
                : "";
            throw new PrestaShopException(key.Redact(refusal.Message + hint), refusal.Fault, refusal.InnerException)
            {
                IsRefusal = refusal.IsRefusal,
                IsMissingRight = refusal.IsMissingRight,
            };
        }
    }

    // "51", or "100,51" behind an offset.
    private static int LimitOf(Dictionary<string, string> query) =>
        int.TryParse(query.GetValueOrDefault("limit")?.Split(',')[^1], out var limit) ? limit : int.MaxValue;

    // The key would be in the address of the target: only scheme, host and path are named.
    private PrestaShopException Redirected(string resource, HttpResponseMessage response)
    {
        var location = response.Headers.Location;
        var target = location is { IsAbsoluteUri: true }
            ? location.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            : location?.OriginalString.Split('?', '#')[0] ?? "an address that it does not name";
        return new PrestaShopException(
            key.Redact($"{resource}: the shop redirects ({(int)response.StatusCode}) to {ShopText.Cut(target, 200)}; "
                + "redirects are not followed: set the address of the shop to its target."),
            ShopFault.Final);
    }

    private PrestaShopException Failure(string resource, Exception failure, TimeSpan elapsed)
    {
        if (failure is OperationCanceledException or TimeoutException)
        {
            return new PrestaShopException(
                $"{resource}: the shop did not respond within {elapsed.TotalSeconds:0} s.", ShopFault.TooSlow, failure)
            { Elapsed = elapsed };
        }
        var fault = failure is HttpRequestException
        {
            HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
        }
            ? ShopFault.Unreachable
            : ShopFault.Overloaded;
        return new PrestaShopException(
            key.Redact(
                $"{resource}: the shop could not be reached or the connection broke ({failure.Message})"),
            fault, failure)
        { Elapsed = elapsed };
    }

    private void ReadClock(HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues("Access-Time", out var values)
            && long.TryParse(values.FirstOrDefault(), out var seconds) && seconds is > 0 and < 253_402_300_799)
        {
            ClockOffset = DateTimeOffset.FromUnixTimeSeconds(seconds) - time.GetUtcNow();
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter is not { } header
        ? null
        : header.Delta ?? (header.Date - time.GetUtcNow() is { } wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
}
