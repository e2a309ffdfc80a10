using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace ECommerce.Api.Tests.Mocks;

public class PrestaShopShapesTests(PrestaShopMock shop) : IClassFixture<PrestaShopMock>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("orders", Samples.OrderFields)]
    [InlineData("customers", Samples.CustomerFields)]
    [InlineData("addresses", Samples.AddressFields)]
    [InlineData("products", Samples.ProductFields)]
    public async Task Fields_come_as_in_a_real_shop(string resource, string fields)
    {
        var row = (await shop.ListAsync(resource, "limit=1")).Single().AsObject();

        Assert.Equal(
            fields.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries), row.Select(member => member.Key));
    }

    [Fact]
    public async Task The_id_is_a_number_and_every_other_scalar_a_string()
    {
        var order = (await shop.ListAsync("orders", "limit=1")).Single().AsObject();

        Assert.Equal(JsonValueKind.Number, order["id"]!.GetValueKind());
        Assert.All(
            order.Where(member => member.Key is not ("id" or "associations")),
            member => Assert.Equal(JsonValueKind.String, member.Value!.GetValueKind()));
        Assert.All(
            order["associations"]!["order_rows"]![0]!.AsObject(), member =>
                Assert.Equal(JsonValueKind.String, member.Value!.GetValueKind()));
        Assert.Matches(@"^\d+\.\d{6}$", (string)order["total_paid"]!);
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", (string)order["date_upd"]!);
    }

    [Fact]
    public async Task A_single_object_is_singular_unless_display_is_asked()
    {
        Assert.NotNull((await shop.GetAsync("/api/orders/5"))["order"]);
        Assert.Equal(5, (int)(await shop.GetAsync("/api/orders/5?display=full"))["orders"]![0]!["id"]!);
        Assert.Equal("""{"orders":[{"id":5}]}""", (await shop.GetAsync("/api/orders/5?display=[id]")).ToJsonString());
    }

    [Fact]
    public async Task An_object_that_is_not_there_is_404_without_a_body()
    {
        using var response = await shop.SendAsync("/api/orders/999999");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Version_8_drops_falsy_members_of_a_single_object_and_1_7_does_not()
    {
        await using var old = new PrestaShopMock(("profile", "1.7"));

        var dropped = (await shop.GetAsync("/api/orders/5"))["order"]!.AsObject();
        var whole = (await old.GetAsync("/api/orders/5"))["order"]!.AsObject();

        Assert.False(dropped.ContainsKey("gift_message"));
        Assert.False(dropped.ContainsKey("recyclable"));
        Assert.Equal("0.000000", (string)dropped["total_wrapping"]!);
        Assert.Equal("0", (string)whole["recyclable"]!);
        Assert.Equal((await shop.ListAsync("orders", "filter[id]=[5]")).Single().ToJsonString(), whole.ToJsonString());
    }

    [Fact]
    public async Task Native_types_are_numbers_and_money_stays_a_string()
    {
        await using var native = new PrestaShopMock(("nativeTypes", "true"));
        var order = (await native.ListAsync("orders", "limit=1")).Single();

        Assert.Equal(JsonValueKind.Number, order["id_customer"]!.GetValueKind());
        Assert.Equal(JsonValueKind.String, order["total_paid"]!.GetValueKind());
        Assert.Equal(
            JsonValueKind.String, (await native.ListAsync("addresses", "limit=1"))
                .Single()["postcode"]!.GetValueKind());
    }

    [Fact]
    public async Task Translations_are_an_array_or_with_one_language_a_string()
    {
        await using var italian = new PrestaShopMock(("languages", "1"));
        const string Query = "display=[name]&limit=1";

        var both = (await shop.GetAsync($"/api/products?{Query}"))["products"]![0]!["name"]!;
        var one = (await shop.GetAsync($"/api/products?{Query}&language=1"))["products"]![0]!["name"]!;
        var only = (await italian.GetAsync($"/api/products?{Query}"))["products"]![0]!["name"]!;

        Assert.Equal(["1", "2"], both.AsArray().Select(translation => (string)translation!["id"]!));
        Assert.Equal((string)both[0]!["value"]!, (string)one!);
        Assert.Equal((string)one!, (string)only!);
    }

    [Fact]
    public async Task Slashes_are_escaped_and_accents_are_not()
    {
        using var response = await shop.SendAsync("/api/products?display=[description]&limit=1");

        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("qualità <b>artigianale<\\/b>", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("output_format=JSON", null, null, "application/json")]
    [InlineData("io_format=JSON", null, null, "application/json")]
    [InlineData("output_format=json", null, null, "text/xml")]
    [InlineData("", null, null, "text/xml")]
    [InlineData("output_format=XML", "Output-Format", "JSON", "application/json")]
    [InlineData("output_format=JSON", "Io-Format", "XML", "text/xml")]
    public async Task The_format_is_xml_unless_json_is_asked_for_exactly(
        string query, string? header, string? value, string contentType)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri($"/api/orders?limit=1&{query}", UriKind.Relative));
        if (header is not null)
            request.Headers.Add(header, value);
        using var response = await shop.Client.SendAsync(request, Cancellation);

        Assert.Equal(contentType, response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Xml_has_the_same_data_as_json()
    {
        var xml = XDocument.Parse(
            await shop.Client.GetStringAsync(new Uri("/api/orders/7", UriKind.Relative), Cancellation));
        var json = (await shop.ListAsync("orders", "filter[id]=[7]")).Single();

        var order = xml.Root!.Element("order")!;
        Assert.Equal("prestashop", xml.Root.Name.LocalName);
        Assert.Equal((string)json["total_paid"]!, order.Element("total_paid")!.Value);
        Assert.Equal(json["associations"]!["order_rows"]!.AsArray().Count, order.Descendants("order_row").Count());
        Assert.Equal("", order.Element("gift_message")!.Value);
    }

    [Fact]
    public async Task Errors_in_xml_have_code_and_message()
    {
        var response = await shop.Client.GetAsync(new Uri("/api/orders?filter[x]=[1]", UriKind.Relative), Cancellation);
        var xml = XDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));

        Assert.Equal("32", xml.Root!.Element("errors")!.Element("error")!.Element("code")!.Value);
    }

    [Fact]
    public async Task A_blank_schema_names_all_fields()
    {
        var xml = XDocument.Parse(
            await shop.Client.GetStringAsync(new Uri("/api/addresses?schema=blank", UriKind.Relative), Cancellation));

        Assert.Equal(
            Samples.AddressFields.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries),
            xml.Root!.Element("address")!.Elements().Select(element => element.Name.LocalName));
    }

    [Fact]
    public async Task Headers_have_time_version_and_a_correct_checksum()
    {
        using var response = await shop.SendAsync("/api/orders?display=full&limit=3");

        var body = await response.Content.ReadAsByteArrayAsync(Cancellation);
#pragma warning disable CA5350 // The shop's own checksum.
        Assert.Equal(Convert.ToHexStringLower(SHA1.HashData(body)), Header(response, "Content-Sha1"));
#pragma warning restore CA5350
        Assert.Equal("8.2.1", Header(response, "PSWS-Version"));
        Assert.Equal("PrestaShop Webservice", Header(response, "X-Powered-By"));
        Assert.Matches(@"^\d+$", Header(response, "Access-Time"));
        Assert.Matches(@"^\d+(\.\d{1,3})?$", Header(response, "Execution-Time"));
    }

    [Fact]
    public async Task A_matching_checksum_returns_304()
    {
        using var first = await shop.SendAsync("/api/orders?display=full&limit=3");
        using var request = new HttpRequestMessage(HttpMethod.Get, first.RequestMessage!.RequestUri);
        request.Headers.Add("Local-Content-Sha1", Header(first, "Content-Sha1"));
        using var second = await shop.Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Head_is_get_without_a_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri("/api/orders?limit=3", UriKind.Relative));
        using var response = await shop.Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Content.Headers.ContentLength > 0);
        Assert.NotEmpty(Header(response, "Content-Sha1"));
    }

    [Fact]
    public async Task Dumps_of_a_real_shop_are_served_as_they_are()
    {
        using var folder = new DumpFolder(("orders", Samples.Orders), ("products", "[]"));
        await using var real = new PrestaShopMock(("data", folder.Path));

        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(Samples.Orders), await real.GetAsync("/api/orders?display=full")));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Samples.SingleOrder), await real.GetAsync("/api/orders/1002")));
        Assert.Equal("[]", (await real.GetAsync("/api/products?display=full")).ToJsonString());
        Assert.Equal(1002, (await real.IdsAsync("orders", "filter[total_paid]=[61]")).Single());
    }

    [Fact]
    public async Task A_field_that_only_a_module_adds_is_served_and_can_be_asked_for()
    {
        var orders = Samples.Orders.Replace(
            "\"note\":\"\"", "\"note\":\"\",\"fattura\":\"1\"", StringComparison.Ordinal);
        using var folder = new DumpFolder(("orders", orders));
        await using var real = new PrestaShopMock(("data", folder.Path));

        var listed = await real.GetAsync("/api/orders?display=[id,fattura]&limit=1");

        Assert.Equal("""{"orders":[{"id":1001,"fattura":"1"}]}""", listed.ToJsonString());
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.GetValues(name).Single();

    /// <summary>A folder of dumps, gone with the test.</summary>
    private sealed class DumpFolder : IDisposable
    {
        public DumpFolder(params (string Resource, string Json)[] dumps)
        {
            Path = Directory.CreateTempSubdirectory("prestashop-dump-").FullName;
            foreach (var (resource, json) in dumps)
                File.WriteAllText(System.IO.Path.Combine(Path, $"{resource}.json"), json, Encoding.UTF8);
        }

        public string Path { get; }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
