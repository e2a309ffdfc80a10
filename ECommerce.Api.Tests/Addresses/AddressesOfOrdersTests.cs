using System.Net;

namespace ECommerce.Api.Tests.Addresses;

/// <summary>An order keeps the addresses that it was made with.</summary>
public sealed class AddressesOfOrdersTests(ApiFixture fixture)
{
    private static readonly string[] Members = ["address_delivery", "address_invoice"];

    private readonly HttpClient _writer = fixture.As("acme.admin");

    [Fact]
    public async Task Change_of_an_address_leaves_the_orders_before_it_as_they_were()
    {
        var customer = await _writer.CustomerAsync();
        var address = await _writer.AddressAsync(customer, "Torino");
        var before = await _writer.PostJsonAsync("/api/v1/orders", Samples.Quote(customer, address: address));
        await _writer.GetJsonAsync($"/api/v1/orders/{before["id"]}");

        await _writer.PutJsonAsync($"/api/v1/addresses/{address["id"]}", Samples.Address(customer, "Milano"));
        var between = await _writer.PostJsonAsync("/api/v1/orders", Samples.Quote(customer, address: address));
        await _writer.PutJsonAsync($"/api/v1/addresses/{address["id"]}", Samples.Address(customer, "Roma"));

        Assert.Equal(["Torino", "Torino"], await CitiesAsync(before));
        Assert.Equal(["Milano", "Milano"], await CitiesAsync(between));
        // The copies are no addresses of the customer.
        var list = await _writer.GetJsonAsync($"/api/v1/customers/{customer["id"]}/addresses");
        Assert.Equal(["Roma"], list["items"]!.AsArray().Select(item => (string?)item!["city"]));
    }

    [Fact]
    public async Task Order_with_a_kept_address_can_be_changed_and_given_the_present_one()
    {
        var customer = await _writer.CustomerAsync();
        var address = await _writer.AddressAsync(customer, "Torino");
        var order = await _writer.PostJsonAsync("/api/v1/orders", Samples.Quote(customer, address: address));
        await _writer.PutJsonAsync($"/api/v1/addresses/{address["id"]}", Samples.Address(customer, "Milano"));
        var kept = await _writer.GetJsonAsync($"/api/v1/orders/{order["id"]}");

        await _writer.PutJsonAsync(
            $"/api/v1/orders/{order["id"]}", Samples.Quote(customer, notes: "x", address: kept["address_delivery"]));
        Assert.Equal(["Torino", "Torino"], await CitiesAsync(order));

        await _writer.PutJsonAsync($"/api/v1/orders/{order["id"]}", Samples.Quote(customer, address: address));
        Assert.Equal(["Milano", "Milano"], await CitiesAsync(order));
        // It is the order's again, so the address is in use.
        using var refused = await _writer.CallAsync(HttpMethod.Delete, $"/api/v1/addresses/{address["id"]}");
        await refused.ProblemAsync(HttpStatusCode.Conflict, "address_in_use");
    }

    private async Task<IEnumerable<string?>> CitiesAsync(System.Text.Json.Nodes.JsonNode order)
    {
        var read = await _writer.GetJsonAsync($"/api/v1/orders/{order["id"]}");
        return Members.Select(member => (string?)read[member]!["city"]);
    }
}
