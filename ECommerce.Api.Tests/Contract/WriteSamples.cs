using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Contract;

/// <summary>A write that is accepted, and another body for the same path.</summary>
internal sealed record WriteSample(string Path, object? Body = null, object? Other = null);

/// <summary>For every write of a tenant's rows one that is accepted, each of a row of its own.</summary>
internal static class WriteSamples
{
    private static readonly Dictionary<string, (string One, string Other)> Lookups = new()
    {
        ["order_states"] = ("""{"name":"one"}""", """{"name":"other"}"""),
        ["categories"] = ("""{"name":"one"}""", """{"name":"other"}"""),
        ["brands"] = ("""{"name":"one"}""", """{"name":"other"}"""),
        ["carriers"] = ("""{"name":"one"}""", """{"name":"other"}"""),
        ["countries"] = ("""{"name":"one","iso_code":"FR"}""", """{"name":"other","iso_code":"ES"}"""),
        ["langs"] = ("""{"name":"one","iso_code":"fr"}""", """{"name":"other","iso_code":"es"}"""),
    };

    private static readonly Dictionary<string, Func<HttpClient, Task<WriteSample>>> ByOperation = new()
    {
        ["POST /orders"] = async client =>
            new("/api/v1/orders", Order(await CustomerAsync(client)), Order(await CustomerAsync(client))),
        ["PUT /orders/{}"] = async client =>
        {
            var order = await client.OrderAsync();
            return new(Path("orders", order), Order((long)order["customer_id"]!));
        },
        ["PATCH /orders/{}"] = async client => new(Path("orders", await client.OrderAsync()), new { notes = "x" }),
        ["PATCH /orders/{}/status"] = async client =>
            new($"{Path("orders", await client.OrderAsync())}/status", new { state_id = 2 }),
        ["DELETE /orders/{}"] = async client => new(Path("orders", await client.OrderAsync())),
        ["POST /orders/{}/process"] = async client => new($"{Path("orders", await client.OrderAsync())}/process"),
        ["POST /customers"] = _ => Task.FromResult(
            new WriteSample("/api/v1/customers", Samples.Customer(), Samples.Customer())),
        ["PUT /customers/{}"] = async client =>
            new(Path("customers", await client.CustomerAsync()), Samples.Customer()),
        ["DELETE /customers/{}"] = async client => new(Path("customers", await client.CustomerAsync())),
        ["POST /customers/{}/erase"] = async client =>
            new($"{Path("customers", await client.CustomerAsync())}/erase"),
        ["POST /addresses"] = async client =>
            new("/api/v1/addresses", Address(await CustomerAsync(client)), Address(await CustomerAsync(client))),
        ["PUT /addresses/{}"] = async client =>
        {
            var address = await AddressAsync(client);
            return new(Path("addresses", address), Address((long)address["customer_id"]!, "Via Po 2"));
        },
        ["DELETE /addresses/{}"] = async client => new(Path("addresses", await AddressAsync(client))),
        ["POST /quotes"] = async client =>
            new("/api/v1/quotes", Order(await CustomerAsync(client)), Order(await CustomerAsync(client))),
        ["PUT /quotes/{}"] = async client =>
        {
            var quote = await QuoteAsync(client);
            return new(Path("quotes", quote), Order((long)quote["customer_id"]!));
        },
        ["DELETE /quotes/{}"] = async client => new(Path("quotes", await QuoteAsync(client))),
        ["POST /quotes/{}/convert"] = async client => new($"{Path("quotes", await QuoteAsync(client))}/convert"),
        ["POST /quotes/{}/duplicate"] = async client => new($"{Path("quotes", await QuoteAsync(client))}/duplicate"),
        ["POST /orders/{}/invoice"] = async client =>
            new($"{Path("orders", await client.InvoiceableOrderAsync())}/invoice"),
        ["POST /invoices/{}/credit-note"] = async client => new(
            $"{Path("invoices", await client.InvoiceAsync())}/credit-note", new { reason = "one" },
            new { reason = "other" }),
        ["POST /invoices/{}/send"] = async client =>
        {
            await client.PutJsonAsync("/api/v1/config/fatturapa.api_key", new { value = ApiFixture.ProviderKey });
            return new($"{Path("invoices", await client.InvoiceAsync())}/send");
        },
        ["POST /products"] = _ => Task.FromResult(
            new WriteSample("/api/v1/products", Samples.Product(), Samples.Product())),
        ["PUT /products/{}"] = async client => new(Path("products", await client.ProductAsync()), Samples.Product()),
        ["DELETE /products/{}"] = async client => new(Path("products", await client.ProductAsync())),
        ["POST /shops"] = _ => Task.FromResult(new WriteSample("/api/v1/shops", Shop("one"), Shop("other"))),
        ["PUT /shops/{}"] = async client => new(Path("shops", await ShopAsync(client)), Shop("changed")),
        ["POST /shops/{}/sync"] = async client => new(
            $"{Path("shops", await ShopAsync(client))}/sync", new { mode = "full" }, new { mode = "incremental" }),
        ["PUT /config/{}"] = _ => Task.FromResult(
            new WriteSample("/api/v1/config/invoices.send_automatically", new { value = true })),
        ["DELETE /config/{}"] = async client =>
        {
            const string path = "/api/v1/config/invoices.stamp_duty_threshold";
            await client.PutJsonAsync(path, new { value = 80 });
            return new(path);
        },
    };

    /// <summary>Needs an imported order: the tests of pushes send it.</summary>
    public const string OfShopsOnly = "POST /orders/{}/push-state";

    static WriteSamples()
    {
        foreach (var (name, (one, other)) in Lookups)
        {
            ByOperation[$"POST /{name}"] = _ => Task.FromResult(
                new WriteSample($"/api/v1/{name}", JsonNode.Parse(one), JsonNode.Parse(other)));
            ByOperation[$"PUT /{name}/{{}}"] = async client =>
                new(await RowAsync(client), JsonNode.Parse(other));
            ByOperation[$"DELETE /{name}/{{}}"] = async client => new(await RowAsync(client));

            async Task<string> RowAsync(HttpClient client) =>
                Path(name, await client.PostJsonAsync($"/api/v1/{name}", JsonNode.Parse(one)));
        }
    }

    /// <summary>The sample of an operation; a test that needs one names what is missing.</summary>
    public static Task<WriteSample> CreateAsync(string operation, HttpClient client) =>
        ByOperation.TryGetValue(operation, out var create)
            ? create(client)
            : throw new InvalidOperationException($"There is no sample of {operation}.");

    private static object Order(long customer) => new
    {
        customer_id = customer,
        lines = new[] { new { product_name = "x", product_quantity = 1, unit_price_tax_excl = 1 } },
    };

    // A key that no response may hold, and an address at which no shop is.
    private static object Shop(string name) =>
        new { name, base_url = "http://127.0.0.1:9", api_key = IdempotentOperationsTests.Secret };

    private static object Address(long customer, string street = "Via Roma 1") => new
    {
        customer_id = customer,
        country_id = 1,
        firstname = "Ada",
        lastname = "Rossi",
        address1 = street,
        postcode = "10121",
        city = "Torino",
        state = "TO",
    };

    private static async Task<JsonNode> AddressAsync(HttpClient client) =>
        await client.PostJsonAsync("/api/v1/addresses", Address(await CustomerAsync(client)));

    private static async Task<JsonNode> QuoteAsync(HttpClient client) =>
        await client.PostJsonAsync("/api/v1/quotes", Order(await CustomerAsync(client)));

    private static Task<JsonNode> ShopAsync(HttpClient client) => client.PostJsonAsync("/api/v1/shops", Shop("x"));

    private static async Task<long> CustomerAsync(HttpClient client) => (long)(await client.CustomerAsync())["id"]!;

    private static string Path(string collection, JsonNode row) => $"/api/v1/{collection}/{row["id"]}";
}
