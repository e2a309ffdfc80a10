using System.Net;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Mocks;

public class PrestaShopAccessTests(PrestaShopMock shop) : IClassFixture<PrestaShopMock>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_key_the_response_is_plain_text_and_a_challenge()
    {
        using var client = shop.Anonymous();
        using var response = await shop.SendAsync("/api/orders", client);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("401 Unauthorized", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(
            "Basic realm=\"Welcome to PrestaShop Webservice, please enter the authentication key as the login. "
            + "No password required.\"",
            Assert.Single(response.Headers.GetValues("WWW-Authenticate")));
        Assert.False(response.Headers.Contains("PSWS-Version"));
    }

    [Theory]
    [InlineData("", new[] { 17 })]
    [InlineData("SHORT", new[] { 18 })]
    [InlineData("UNKNOWNUNKNOWNUNKNOWNUNKNOWN1234", new[] { 20, 21 })]
    public async Task A_bad_key_is_refused_with_its_error_codes(string key, int[] codes)
    {
        using var client = shop.Authorized(key);

        var error = await shop.ErrorAsync("/api/orders", client);

        Assert.Equal(401, error.Status);
        Assert.Equal(codes, error.Codes);
    }

    [Fact]
    public async Task The_key_may_be_in_the_query_but_the_header_goes_first()
    {
        using var anonymous = shop.Anonymous();
        using var inQuery = await shop.SendAsync($"/api/orders?limit=1&ws_key={PrestaShopMock.Key}", anonymous);
        using var both = await shop.SendAsync("/api/orders?limit=1&ws_key=SHORT");

        Assert.Equal(HttpStatusCode.OK, inQuery.StatusCode);
        Assert.Equal(HttpStatusCode.OK, both.StatusCode);
    }

    [Fact]
    public async Task A_disabled_webservice_is_reported_before_the_key_is_checked()
    {
        await using var closed = new PrestaShopMock(("disabled", "true"));
        using var client = closed.Authorized("SHORT");

        var error = await closed.ErrorAsync("/api/orders", client);

        Assert.Equal((503, 22), (error.Status, error.Codes.Single()));
    }

    // Each request has its own mistake and all mistakes of the rows below it.
    [Theory]
    [InlineData("/api/nothing?id_group_shop=9&id_shop=x&language=x", 500, 999)]
    [InlineData("/api/nothing?id_shop=x&language=x", 404, 999)]
    [InlineData("/api/nothing?id_shop=7&language=x", 403, 132)]
    [InlineData("/api/nothing?language=x", 400, 79)]
    [InlineData("/api/nothing?filter[x]=1", 400, 27)]
    [InlineData("/api/customers?ps_method=PATCH&filter[x]=1", 401, 26)]
    [InlineData("/api/orders?ps_method=TRACE&filter[x]=1", 405, 23)]
    [InlineData("/api/stock_availables?ps_method=DELETE&filter[x]=1", 405, 101)]
    [InlineData("/api/orders?ps_method=DELETE&filter[x]=1", 405, 25)]
    [InlineData("/api/orders?filter[x]=1&sort=id", 400, 32)]
    public async Task Of_several_errors_the_first_in_the_order_of_checks_is_returned(string path, int status, int code)
    {
        await using var strict = new PrestaShopMock(("deny", "customers,products"));

        var error = await strict.ErrorAsync(path);

        Assert.Equal((status, code), (error.Status, error.Codes.Single()));
    }

    [Fact]
    public async Task A_denied_resource_returns_the_error_of_a_real_shop()
    {
        await using var strict = new PrestaShopMock(("deny", "orders"));
        using var response = await strict.SendAsync("/api/orders");

        var expected = """
            {"errors":[{
                "code":26,
                "message":"Resource of type \"orders\" is not allowed with this authentication key"
            }]}
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), await PrestaShopMock.JsonAsync(response)));
    }

    [Fact]
    public async Task A_wrong_name_is_helped_to_the_right_one()
    {
        var error = await shop.ErrorAsync("/api/order");

        Assert.StartsWith(
            "Resource of type \"order\" does not exists. Did you mean: \"orders\"? "
            + "The full list is: \"addresses\", \"attachments\"",
            error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x", 79)]
    [InlineData("[1,2,3]", 78)]
    [InlineData("[1|x]", 80)]
    [InlineData("9", 81)]
    public async Task A_bad_language_is_refused(string language, int code)
    {
        var error = await shop.ErrorAsync($"/api/products?language={language}");

        Assert.Equal((400, code), (error.Status, error.Codes.Single()));
    }

    [Fact]
    public async Task The_version_1_7_does_not_know_patch()
    {
        await using var old = new PrestaShopMock(("profile", "1.7"));

        Assert.Equal(23, (await old.ErrorAsync("/api/orders?ps_method=PATCH")).Codes.Single());
        Assert.Equal(25, (await shop.ErrorAsync("/api/orders?ps_method=PATCH")).Codes.Single());
    }
}
