using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests;

/// <summary>What tests need to exist before they can look at something else.</summary>
internal static class Samples
{
    public static object Product(string? name = null, decimal price = 10, int quantity = 100, decimal vatRate = 22) =>
        new { name = name ?? Unique("product"), reference = "REF-1", price, vat_rate = vatRate, quantity };

    public static object Customer(string? lastname = null, string? email = null) =>
        new
        {
            firstname = "Ada",
            lastname = lastname ?? Unique("Rossi"),
            email = email ?? $"{Unique("ada")}@example.com"
        };

    public static object Order(JsonNode customer, params (JsonNode Product, int Quantity)[] lines) =>
        new
        {
            customer_id = (long)customer["id"]!,
            lines = lines.Select(
                line => new { product_id = (long)line.Product["id"]!, product_quantity = line.Quantity }),
        };

    public static object Address(JsonNode customer, string? city = null, int country = 1) =>
        new
        {
            customer_id = (long)customer["id"]!,
            country_id = country,
            firstname = "Ada",
            lastname = "Rossi",
            address1 = "Via Roma 1",
            postcode = "10121",
            city = city ?? "Torino",
            state = "TO",
        };

    /// <summary>A quote or an order of one thing that is no product.</summary>
    public static object Quote(
        JsonNode customer, decimal price = 10, string? notes = null, JsonNode? address = null) =>
        new
        {
            customer_id = (long)customer["id"]!,
            address_delivery_id = (long?)address?["id"],
            address_invoice_id = (long?)address?["id"],
            notes,
            lines = new[] { new { product_name = "Servizio", product_quantity = 1, unit_price_tax_excl = price } },
        };

    public static Task<JsonNode> AddressAsync(this HttpClient client, JsonNode customer, string? city = null) =>
        client.PostJsonAsync("/api/v1/addresses", Address(customer, city));

    /// <summary>A quote of a customer, or of a new one.</summary>
    public static async Task<JsonNode> QuoteAsync(
        this HttpClient client, JsonNode? customer = null, decimal price = 10, JsonNode? address = null) =>
        await client.PostJsonAsync(
            "/api/v1/quotes", Quote(customer ?? await client.CustomerAsync(), price, address: address));

    public static Task<JsonNode> ProductAsync(
        this HttpClient client, string? name = null, decimal price = 10, int quantity = 100, decimal vatRate = 22) =>
        client.PostJsonAsync("/api/v1/products", Product(name, price, quantity, vatRate));

    public static Task<JsonNode> CustomerAsync(this HttpClient client, string? lastname = null) =>
        client.PostJsonAsync("/api/v1/customers", Customer(lastname));

    /// <summary>An order of a new customer: of a product, or of something that is none.</summary>
    public static async Task<JsonNode> OrderAsync(this HttpClient client, JsonNode? product = null)
    {
        var customer = await client.CustomerAsync();
        return await client.PostJsonAsync("/api/v1/orders", product is not null
            ? Order(customer, (product, 1))
            : new
            {
                customer_id = (long)customer["id"]!,
                lines = new[] { new { product_name = "Servizio", product_quantity = 1, unit_price_tax_excl = 10 } }
            });
    }

    /// <summary>Sets what invoices of the client's tenant need.</summary>
    public static async Task SellerAsync(this HttpClient client)
    {
        (string Key, string Value)[] settings =
        [
            ("company.name", "Acme S.r.l."), ("company.vat_number", "IT01234567897"),
            ("company.address", "Via Roma 1"), ("company.postcode", "10121"), ("company.city", "Torino"),
            ("company.province", "TO"),
        ];
        // The last one is set when all are.
        if ((string?)(await client.GetJsonAsync("/api/v1/config/company.province"))["value"] == "TO")
            return;
        foreach (var (key, value) in settings)
            await client.PutJsonAsync($"/api/v1/config/{key}", new { value });
    }

    /// <summary>An order of a consumer in Italy; the client is an ADMIN.</summary>
    public static async Task<JsonNode> InvoiceableOrderAsync(
        this HttpClient client, decimal price = 10, int quantity = 1, decimal vatRate = 22, decimal shipping = 0)
    {
        await client.SellerAsync();
        var customer = await client.CustomerAsync();
        var address = await client.PostJsonAsync("/api/v1/addresses", new
        {
            customer_id = (long)customer["id"]!,
            country_id = (int)(await client.GetJsonAsync("/api/v1/countries"))["items"]!.AsArray()
                .First(country => (string?)country!["iso_code"] == "IT")!["id"]!,
            firstname = "Ada",
            lastname = (string)customer["lastname"]!,
            dni = "RSSDAA80A41L219A",
            address1 = "Via Roma 1",
            postcode = "10121",
            city = "Torino",
            state = "TO",
        });
        return await client.PostJsonAsync("/api/v1/orders", new
        {
            customer_id = (long)customer["id"]!,
            address_invoice_id = (long)address["id"]!,
            total_shipping = shipping,
            lines = new[]
            {
                new
                {
                    product_name = "Servizio",
                    product_quantity = quantity,
                    unit_price_tax_excl = price,
                    vat_rate = vatRate,
                },
            },
        });
    }

    public static async Task<JsonNode> InvoiceAsync(
        this HttpClient client, decimal price = 10, int quantity = 1, decimal shipping = 0) =>
        await client.InvoiceAsync(await client.InvoiceableOrderAsync(price, quantity, shipping: shipping));

    private static Task<JsonNode> InvoiceAsync(this HttpClient client, JsonNode order) =>
        client.PostJsonAsync($"/api/v1/orders/{order["id"]}/invoice");

    public static string Unique(string prefix) => $"{prefix}{Guid.NewGuid():N}"[..24];
}
