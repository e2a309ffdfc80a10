using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Fuzz;

/// <summary>Sends the requests of a seed to one replica and compares what another one reads.</summary>
internal sealed class FuzzRun : IDisposable
{
    private const string Password = "demo-Passw0rd!";
    // The first would end the tokens that all other requests are sent with; the second needs orders of a shop.
    // Only orders with all that the SDI demands become invoices, what is left of them is counted, and they are sent
    // once; the two after it are no JSON, and the last ones need a provider.
    private static readonly string[] Excluded =
    [
        "/api/v1/auth/password", "/api/v1/orders/{id}/push-state", "/api/v1/orders/{id}/invoice",
        "/api/v1/invoices/{id}/credit-note", "/api/v1/invoices/{id}/send", "/api/v1/invoices/{id}/xml",
        "/api/v1/invoices/{id}/html",
        "/api/v1/fatturapa/pool", "/api/v1/fatturapa/invoices/{sdi}", "/api/v1/fatturapa/invoices/{sdi}/xml",
    ];
    private static readonly string[] Members = ["type", "title", "code", "trace_id"];

    private readonly HttpClient _writer;
    private readonly HttpClient _reader;
    private readonly KnownRows _rows = new();
    private readonly SentAndStored _comparison;
    private readonly RowReader _rowReader;
    private readonly FuzzedRequests _requests;
    private readonly IReadOnlyList<ApiOperation> _operations;
    private readonly Random _random;
    private int _count;

    private FuzzRun(HttpClient writer, HttpClient reader, string token, JsonNode document, Random random)
    {
        (_writer, _reader, _random) = (writer, reader, random);
        (_comparison, _rowReader) = (new SentAndStored(_rows), new RowReader(reader, _rows));
        _operations = [.. ApiOperation.AllOf(document).Where(operation => !Excluded.Contains(operation.Path))];
        _requests = new FuzzedRequests(_operations, new ValidBodies(document, _rows, random), _rows, token, random);
    }

    // Rows of these are named in the rows of others.
    private static readonly string[] ShownByOthers =
        ["order_states", "categories", "brands", "carriers", "countries", "langs", "customers", "addresses"];

    /// <summary>What should not have happened, a line each.</summary>
    public List<string> Wrong { get; } = [];

    /// <summary>How often each operation succeeded.</summary>
    public SortedDictionary<string, int> Accepted { get; } = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Begins with a few rows of everything, so that ids name something.</summary>
    public static async Task<FuzzRun> StartAsync(Uri server, HttpClient reader, string token, Random random)
    {
        // A header may hold what is not ASCII.
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        };
        var writer = new HttpClient(handler) { BaseAddress = server };
        var run = new FuzzRun(writer, reader, token, await reader.GetJsonAsync("/openapi/v1.json"), random);
        for (var i = 0; i < 3; i++)
        {
            var product = await reader.ProductAsync();
            run._rows.Set("products", product);
            var order = await reader.OrderAsync(product);
            run._rows.Set("orders", order);
            run._rows.Set("customers", await reader.GetJsonAsync($"/api/v1/customers/{order["customer_id"]}"));
            run._rows.Set("addresses", await reader.AddressAsync(order["customer"]!));
            run._rows.Set("quotes", await reader.QuoteAsync(order["customer"]!));
        }
        run._rows.Set("invoices", await reader.InvoiceAsync());
        run._rows.Set("shops", await reader.GetJsonAsync("/api/v1/shops/1"));
        await run.LogInAsync();
        return run;
    }

    /// <summary>Every operation once without anything wrong: it must be accepted for some row.</summary>
    public async Task SendValidAsync()
    {
        const int MaxTries = 30;
        foreach (var operation in _operations)
        {
            for (var i = 0; i < MaxTries && !Accepted.ContainsKey(operation.ToString()); i++)
                await SendAndCheckAsync(_requests.Valid(operation));
            Check(Accepted.ContainsKey(operation.ToString()), "never accepted", operation.ToString());
        }
    }

    /// <summary>Every wrong value in every place, in random order, or the first of them.</summary>
    public async Task SendSingleFaultsAsync(int? count)
    {
        var faults = _requests.AllSingleFaults().ToArray();
        _random.Shuffle(faults);
        foreach (var fault in faults.Take(count ?? faults.Length))
            await SendAndCheckAsync(fault());
    }

    public async Task SendRandomFaultsAsync(int count)
    {
        for (var i = 0; i < count; i++)
            await SendAndCheckAsync(_requests.Next());
    }

    public int Count => _count;

    private async Task SendAndCheckAsync(FuzzedRequest request)
    {
        var name = $"#{_count++} {request}";
        using var response = await SendAsync(request);
        var isStream = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var text = isStream ? "" : await response.Content.ReadAsStringAsync(Ct);
        Check(response.Headers.Contains("X-Request-ID"), "no X-Request-ID", name);
        // No shop listens at the address that the fuzzed ones have.
        var isShopAway = response.StatusCode == HttpStatusCode.ServiceUnavailable
            && text.Contains("\"shop_unavailable\"", StringComparison.Ordinal);
        if ((int)response.StatusCode >= 400 && !isShopAway)
        {
            CheckProblem(response, text, name);
            if (request is { Operation.IsWrite: true, Id: { } id }
                && _rows.Find(request.Operation.Collection, id) is { } row)
            {
                await CompareAsync(request.Operation.Collection, id, row, $"after a refused {name}");
            }
            return;
        }
        Accepted[request.Operation.ToString()] = Accepted.GetValueOrDefault(request.Operation.ToString()) + 1;
        if (request.Operation.IsWrite)
            await AcceptAsync(request, response, text, name);
        else if (text.Length > 0)
            Check(IsJson(text), $"no JSON: {text}", name);
    }

    public void Dispose() => _writer.Dispose();

    /// <summary>Reads every row again.</summary>
    public async Task CompareAllAsync()
    {
        foreach (var (collection, id, row) in _rows.All.ToArray())
            await CompareAsync(collection, id, row, "at the end");
    }

    private async Task AcceptAsync(FuzzedRequest request, HttpResponseMessage response, string text, string name)
    {
        var (operation, body) = (request.Operation, request.Body);
        Check(body is null or { Meaning: not null }, "what is no JSON was accepted", name);
        if (operation.Collection == "auth")
        {
            if (text.Length > 0)
                _rows.RefreshToken = (string)JsonNode.Parse(text)!["refresh_token"]!;
            else
                await LogInAsync();
            return;
        }
        if (operation.Method == HttpMethod.Delete)
        {
            var id = request.Id ?? IdOf(request.Path);
            _rows.Remove(operation.Collection, id);
            // Its addresses are deleted with a customer.
            foreach (var address in operation.Collection == "customers" ? _rows.Of("addresses", "customer_id", id) : [])
                _rows.Remove("addresses", address);
            using var gone = await _reader.GetAnyAsync($"/api/v1/{operation.Collection}/{id}");
            Check(gone.StatusCode == HttpStatusCode.NotFound, "a deleted row is read", name);
            return;
        }
        if (response.StatusCode == HttpStatusCode.Accepted)
        {
            using var started = await _reader.GetAnyAsync(response.Headers.Location!.ToString());
            Check(started.StatusCode == HttpStatusCode.OK, "what was started is not found", name);
            _rows.Set("sync", await started.JsonAsync());
            return;
        }
        var row = JsonNode.Parse(text)!;
        if (operation.Path.EndsWith("/erase", StringComparison.Ordinal))
        {
            await _rowReader.ReadAllAsync();
            return;
        }
        // A converted quote is the order that it has become.
        var isConversion = operation.Path.EndsWith("/convert", StringComparison.Ordinal);
        var collection = isConversion ? "orders" : operation.Collection;
        _rows.Set(collection, row);
        if (isConversion)
            await _rowReader.ReadAsync("quotes", request.Id ?? IdOf(request.Path));
        if (collection == "addresses")
            await _rowReader.ReadAddressedAsync((long)row["id"]!);
        // The server resolves dot segments: another operation was accepted, which has other members.
        if (body?.Meaning is { } sent && !request.Path.Contains("/..", StringComparison.Ordinal))
        {
            foreach (var difference in _comparison.Differences(operation.Body!, sent, row))
                Check(false, difference, name);
            if (operation.Body == "StatusChange")
                await CompareHistoryAsync(sent, (long)row["id"]!, name);
        }
        await CompareAsync(collection, (long)row["id"]!, row, name);
        if (operation.Path.EndsWith("/process", StringComparison.Ordinal))
            await _rowReader.ReadProductsAsync(row);
        if (operation.Method == HttpMethod.Put && ShownByOthers.Contains(collection))
            await _rowReader.ReadAllAsync();
        if (request.Headers.ContainsKey("Idempotency-Key"))
            await RepeatAsync(request, text, name);
    }

    private async Task RepeatAsync(FuzzedRequest request, string first, string name)
    {
        using var response = await SendAsync(request);
        var second = await response.Content.ReadAsStringAsync(Ct);
        Check(second == first, $"the repetition returns {second}", name);
    }

    private async Task CompareHistoryAsync(JsonObject sent, long id, string name)
    {
        var history = await _reader.GetJsonAsync($"/api/v1/orders/{id}/history");
        foreach (var difference in _comparison.Differences("history", sent, history["items"]![0]!))
            Check(false, difference, name);
    }

    // The other replica's state of a row is what the last write returned. The customer of an order is a row of its own.
    private async Task CompareAsync(string collection, long id, JsonNode row, string name)
    {
        if (collection == "sync")
            return;
        using var response = await _reader.GetAnyAsync($"/api/v1/{collection}/{id}");
        var text = await response.Content.ReadAsStringAsync(Ct);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            Check(false, $"{collection} {id} is {(int)response.StatusCode} on the other replica", name);
            return;
        }
        var (expected, read) = (row.DeepClone(), JsonNode.Parse(text)!);
        expected.AsObject().Remove("customer");
        read.AsObject().Remove("customer");
        Check(
            JsonNode.DeepEquals(expected, read), $"other replica reads {text}, written was {row.ToJsonString()}", name);
    }

    private async Task<HttpResponseMessage> SendAsync(FuzzedRequest request)
    {
        using var message = request.CreateMessage(_writer.BaseAddress!);
        return await _writer.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, Ct);
    }

    private async Task LogInAsync()
    {
        var session = await _writer.PostJsonAsync(
            "/api/v1/auth/login", new { username = "acme.ordini", password = Password });
        _rows.RefreshToken = (string)session["refresh_token"]!;
    }

    private void CheckProblem(HttpResponseMessage response, string text, string name)
    {
        var status = (int)response.StatusCode;
        var isProblem = response.Content.Headers.ContentType?.MediaType == "application/problem+json" && IsJson(text);
        Check(isProblem && status < 500, $"{status} {text}", name);
        if (!isProblem)
            return;
        var problem = JsonNode.Parse(text)!;
        Check(
            (int?)problem["status"] == status
                && Members.All(member => problem[member] is not null),
            $"{status} {text}", name);
    }

    private void Check(bool isRight, string what, string name)
    {
        if (!isRight)
            Wrong.Add($"{Short(what)}: {Short(name)}");
    }

    private static long IdOf(string path) => long.Parse(path.Split('?')[0].Split('/')[4], CultureInfo.InvariantCulture);

    private static bool IsJson(string text)
    {
        try
        {
            return JsonNode.Parse(text) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Short(string text)
    {
        var shown = new StringBuilder();
        foreach (var c in text.Length > 900 ? text[..900] : text)
            shown.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        return shown.ToString();
    }
}
