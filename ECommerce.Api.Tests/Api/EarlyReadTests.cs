using System.Net;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Api;

/// <summary>That there is no such row is cached too, and must not hide the row once it is there.</summary>
public sealed class EarlyReadTests(ApiFixture fixture)
{
    // More than other tests make meanwhile.
    private const int Ahead = 40;

    private readonly HttpClient _client = fixture.As("acme.admin");

    [Theory]
    [InlineData("products")]
    [InlineData("customers")]
    [InlineData("orders")]
    public async Task A_row_that_was_requested_before_it_existed_is_found_once_it_exists(string kind)
    {
        var last = (long)(await CreateAsync(kind))["id"]!;
        for (var id = last + 1; id <= last + Ahead; id++)
        {
            using var early = await _client.GetAnyAsync($"/api/v1/{kind}/{id}");
            Assert.True(early.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.OK);
        }

        var created = await CreateAsync(kind);

        Assert.InRange((long)created["id"]!, last + 1, last + Ahead);
        Assert.Equal(
            (long)created["id"]!, (long)(await _client.GetJsonAsync($"/api/v1/{kind}/{created["id"]}"))["id"]!);
    }

    private Task<JsonNode> CreateAsync(string kind) => kind switch
    {
        "products" => _client.ProductAsync(),
        "customers" => _client.CustomerAsync(),
        _ => _client.OrderAsync(),
    };
}
