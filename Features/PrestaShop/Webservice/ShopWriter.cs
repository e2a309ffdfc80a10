using System.Net;
using System.Text;
using System.Text.Json;

namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>What is known after one request to write.</summary>
internal enum WriteOutcome
{
    /// <summary>201.</summary>
    Written,

    /// <summary>The shop has refused it, and wrote nothing.</summary>
    Refused,

    /// <summary>PHP has ended with another response than 201: it may have written before.</summary>
    Ended,

    /// <summary>The shop did not work at it: too many requests, closed, or no connection.</summary>
    NotNow,

    /// <summary>No complete response: the shop may be working at it still.</summary>
    Unknown,
}

/// <summary>The outcome of a request to write; the row is the one that the shop has made, if it was returned.</summary>
internal sealed record ShopWrite(WriteOutcome Outcome, string? Error = null)
{
    public ShopRow Row { get; init; }

    /// <summary>What the shop asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>
/// Writes to a shop. A request is sent once and never repeated here: the webservice makes a row for each.
/// </summary>
internal sealed class ShopWriter(IPrestaShopWebservice webservice, ShopKey key, TimeProvider time)
{
    /// <param name="resource">The resource.</param>
    /// <param name="xml">The body: the webservice reads no other format.</param>
    /// <param name="timeout">Until when a response is waited for.</param>
    /// <param name="clock">The zone of the shop's times.</param>
    /// <param name="ct">Cancels; the outcome is unknown then.</param>
    public async Task<ShopWrite> AddAsync(
        string resource, string xml, TimeSpan timeout, ShopClock clock, CancellationToken ct)
    {
        var query = new Dictionary<string, string>();
        key.AddTo(query);
        using var late = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            using var content = new StringContent(xml, Encoding.UTF8, "text/xml");
            using var response = await webservice.AddAsync(resource, query, content, either.Token);
            return await ReadAsync(resource, response, clock, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new ShopWrite(
                WriteOutcome.Unknown, $"{resource}: the shop did not respond within {timeout.TotalSeconds:0} s.");
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError is HttpRequestError.NameResolutionError
            or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError
            or HttpRequestError.ProxyTunnelError)
        {
            return new ShopWrite(
                WriteOutcome.NotNow, key.Redact($"{resource}: the shop could not be reached ({failure.Message})"));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TimeoutException)
        {
            return new ShopWrite(
                WriteOutcome.Unknown, key.Redact($"{resource}: the connection broke ({failure.Message})"));
        }
    }

    private async Task<ShopWrite> ReadAsync(
        string resource, HttpResponseMessage response, ShopClock clock, CancellationToken ct)
    {
        var body = await BodyAsync(resource, response, ct);
        if (response.StatusCode == HttpStatusCode.Created)
            return new ShopWrite(WriteOutcome.Written) { Row = Row(body, clock) };
        var error = key.Redact(PrestaShopBody.Refusal(resource, response.StatusCode, body).Message);
        return new ShopWrite(OutcomeOf(response.StatusCode), error)
        {
            RetryAfter = response.Headers.RetryAfter is not { } header ? null
                : header.Delta ?? (header.Date - time.GetUtcNow()),
        };
    }

    // A gateway that gives up does not end PHP behind it.
    private static WriteOutcome OutcomeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => WriteOutcome.NotNow,
        HttpStatusCode.RequestTimeout => WriteOutcome.Unknown,
        HttpStatusCode.InternalServerError or HttpStatusCode.NotImplemented => WriteOutcome.Ended,
        >= HttpStatusCode.InternalServerError => WriteOutcome.Unknown,
        >= HttpStatusCode.MultipleChoices => WriteOutcome.Refused,
        // The script has ended in its middle: an unknown state has such a response.
        _ => WriteOutcome.Ended,
    };

    // The status is what counts: a body that breaks off leaves the row unknown.
    private async Task<byte[]> BodyAsync(string resource, HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            using var body = await BoundedBody.ReadAsync(resource, response.Content, time, ct);
            return body.Memory.ToArray();
        }
        catch (Exception failure) when (failure is PrestaShopException or HttpRequestException or IOException)
        {
            return [];
        }
    }

    // The one object of the response, also behind notices of PHP; none if it cannot be read.
    private static ShopRow Row(byte[] body, ShopClock clock)
    {
        var start = body.AsSpan().IndexOf((byte)'{');
        if (start < 0)
            return default;
        try
        {
            var reader = new Utf8JsonReader(ShopText.Repaired(body.AsMemory(start)).Span);
            var root = JsonElement.ParseValue(ref reader);
            var row = root.EnumerateObject().Select(member => member.Value)
                .FirstOrDefault(value => value.ValueKind == JsonValueKind.Object);
            return new ShopRow(row, new RowNotes(clock));
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
