using System.Net;
using System.Text.Json;

namespace ECommerce.Api.Tests.Addresses;

public sealed class AddressesTests(ApiFixture fixture)
{
    private readonly HttpClient _writer = fixture.As("acme.preventivi");

    [Fact]
    public async Task Created_address_is_read_back_with_all_its_fields()
    {
        var customer = await _writer.CustomerAsync();
        using var response = await _writer.CallAsync(HttpMethod.Post, "/api/v1/addresses", new
        {
            customer_id = (long)customer["id"]!,
            country_id = 1,
            alias = "Sede",
            company = "Rossi S.r.l.",
            firstname = "Ada",
            lastname = "Rossi",
            vat_number = "IT01234567890",
            dni = "RSSDAA80A01F205X",
            address1 = "Via Roma 1",
            address2 = "Scala B",
            postcode = "20121",
            city = "Milano",
            state = "MI",
            phone = "+39 02 123",
            phone_mobile = "+39 333 123",
            pec = "rossi@pec.example.com",
            sdi = "ABC1234",
            other = "Citofono Rossi",
        });
        var created = await response.JsonAsync();

        var read = await fixture.As("acme.user").GetJsonAsync($"/api/v1/addresses/{created["id"]}");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(created.ToJsonString(), read.ToJsonString());
        Assert.Equal(
            ("Italia", "MI", "ABC1234", "Citofono Rossi"),
            ((string)read["country_name"]!, (string)read["state"]!, (string)read["sdi"]!, (string)read["other"]!));
    }

    [Theory]
    [InlineData("customer_id", 999_999_999)]
    [InlineData("country_id", 101)]
    [InlineData("country_id", null)]
    [InlineData("state", "XX")]
    [InlineData("state", "Milano")]
    [InlineData("postcode", "2012")]
    [InlineData("postcode", "2012A")]
    [InlineData("firstname", "")]
    [InlineData("city", null)]
    [InlineData("sdi", "abc1234")]
    [InlineData("sdi", "ABC12345")]
    [InlineData("pec", "no-address")]
    [InlineData("address1", "Via Roma\u0000")]
    public async Task Wrong_field_is_named(string field, object? value)
    {
        var body = JsonSerializer.SerializeToNode(Samples.Address(await _writer.CustomerAsync()))!;
        body[field] = JsonSerializer.SerializeToNode(value);

        using var response = await _writer.CallAsync(HttpMethod.Post, "/api/v1/addresses", body);

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, field);
    }

    [Fact]
    public async Task Province_and_postcode_of_another_country_are_free()
    {
        var body = JsonSerializer.SerializeToNode(Samples.Address(await _writer.CustomerAsync(), country: 2))!;
        (body["state"], body["postcode"]) = ("Serravalle", "RSM-47899");

        var created = await _writer.PostJsonAsync("/api/v1/addresses", body);

        Assert.Equal(("Serravalle", "San Marino"), ((string)created["state"]!, (string)created["country_name"]!));
    }

    [Fact]
    public async Task Change_is_seen_by_the_next_read_of_the_address_its_lists_and_open_quotes()
    {
        var customer = await _writer.CustomerAsync();
        var address = await _writer.AddressAsync(customer);
        var quote = await _writer.QuoteAsync(customer, address: address);
        var path = $"/api/v1/addresses/{address["id"]}";
        string[] readers =
        [
            path, $"/api/v1/addresses?customer_id={customer["id"]}", $"/api/v1/customers/{customer["id"]}/addresses",
            $"/api/v1/quotes/{quote["id"]}",
        ];
        foreach (var reader in readers)
            using (await _writer.HitAsync(reader)) { }

        using (var stale = await _writer.CallAsync(
            HttpMethod.Put, path, Samples.Address(customer, "Asti"), ("If-Match", "\"7-x\"")))
        {
            await stale.ProblemAsync(HttpStatusCode.PreconditionFailed);
        }
        var changed = await _writer.PutJsonAsync(path, Samples.Address(customer, "Asti"));

        Assert.Equal(("Asti", 2), ((string)changed["city"]!, (int)changed["row_version"]!));
        foreach (var reader in readers)
            Assert.Contains("\"city\":\"Asti\"", (await _writer.GetJsonAsync(reader)).ToJsonString());
    }

    [Fact]
    public async Task Address_stays_with_its_customer()
    {
        var address = await _writer.AddressAsync(await _writer.CustomerAsync());

        using var moved = await _writer.CallAsync(
            HttpMethod.Put, $"/api/v1/addresses/{address["id"]}", Samples.Address(await _writer.CustomerAsync()));

        await moved.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "customer_id");
    }

    [Fact]
    public async Task Deleted_address_is_gone_and_one_in_use_is_not_deleted()
    {
        var customer = await _writer.CustomerAsync();
        var (used, free) = (await _writer.AddressAsync(customer), await _writer.AddressAsync(customer));
        var quote = await _writer.QuoteAsync(customer, address: used);
        var list = $"/api/v1/customers/{customer["id"]}/addresses";
        Assert.Equal(2, (int)(await _writer.GetJsonAsync(list))["total"]!);

        using (var quoted = await DeleteAsync(used))
        {
            Assert.Contains(
                (string)quote["reference"]!,
                (string?)(await quoted.ProblemAsync(HttpStatusCode.Conflict, "address_in_use"))["detail"]);
        }
        var order = await _writer.PostJsonAsync($"/api/v1/quotes/{quote["id"]}/convert");
        using (var ordered = await DeleteAsync(used))
        {
            Assert.Contains(
                $"Order {order["id"]}",
                (string?)(await ordered.ProblemAsync(HttpStatusCode.Conflict, "address_in_use"))["detail"]);
        }
        using (var deleted = await DeleteAsync(free))
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        using var gone = await _writer.GetAnyAsync($"/api/v1/addresses/{free["id"]}");
        await gone.ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(1, (int)(await _writer.GetJsonAsync(list))["total"]!);

        Task<HttpResponseMessage> DeleteAsync(System.Text.Json.Nodes.JsonNode address) =>
            _writer.CallAsync(HttpMethod.Delete, $"/api/v1/addresses/{address["id"]}");
    }

    [Fact]
    public async Task Lists_filter_and_search_with_a_total_of_the_same_rows()
    {
        var customer = await _writer.CustomerAsync();
        var city = Samples.Unique("Borgo");
        await _writer.AddressAsync(customer, city);
        await _writer.AddressAsync(customer);
        var mine = $"customer_id={customer["id"]}";

        Assert.Equal(2, await TotalAsync(mine));
        Assert.Equal(1, await TotalAsync($"search={city}"));
        Assert.Equal(2, await TotalAsync($"{mine}&search=Ada%20Rossi&order_by=city"));
        Assert.Equal(2, await TotalAsync($"{mine}&country_id=1"));
        Assert.Equal(0, await TotalAsync($"{mine}&country_id=2"));
        Assert.Equal(0, await TotalAsync($"{mine}&shop_id=1"));

        async Task<int> TotalAsync(string query)
        {
            var list = await _writer.GetJsonAsync($"/api/v1/addresses?{query}");
            Assert.Equal((int)list["total"]!, list["items"]!.AsArray().Count);
            return (int)list["total"]!;
        }
    }
}
