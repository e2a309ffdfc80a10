using System.Net;
using System.Text.Json.Nodes;
using ECommerce.Api.Tests.Mocks.FatturaPa;

namespace ECommerce.Api.Tests.FatturaPa;

/// <summary>Pages of the pool through the caches: what is asked of the provider, and what is returned.</summary>
public sealed class PoolPageTests(PoolNodes nodes) : IClassFixture<PoolNodes>
{
    private const string Path = "/api/v1/fatturapa/pool";

    private readonly HttpClient _client = nodes.As("acme.fatturazione");

    [Fact]
    public async Task Pages_list_every_event_once_and_in_order_without_its_link()
    {
        await FillAsync(520);
        var expected = (await nodes.Mock.PoolAsync()).Count;
        Assert.Equal(250, expected);

        var (names, sizes, token) = (new List<string>(), new List<int>(), (string?)null);
        do
        {
            var page = await _client.GetJsonAsync(PathOf(token));
            Assert.Equal(["items", "next_page_token"], page.AsObject().Select(member => member.Key));
            names.AddRange(page["items"]!.AsArray().Select(item => (string)item!["file_name"]!));
            sizes.Add(page["items"]!.AsArray().Count);
            token = (string?)page["next_page_token"];
            Assert.All(page["items"]!.AsArray(), item => Assert.Equal(
                ["direction", "file_name", "kind", "listed_at", "sdi_id"],
                item!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal)));
            Assert.DoesNotContain("sig=", page.ToJsonString(), StringComparison.Ordinal);
        }
        while (token is not null);

        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.True(sizes.Count >= 3);
        Assert.All(sizes[..^1], size => Assert.Equal(250, size));
    }

    [Fact]
    public async Task Many_callers_of_one_page_ask_the_provider_once()
    {
        await DropAsync();
        var before = await CallsAsync();

        var pages = await Task.WhenAll(Enumerable.Range(0, 30).Select(call =>
            nodes.As("acme.fatturazione", call % 2).GetJsonAsync(Path)));

        Assert.Single(pages.Select(page => page.ToJsonString()).Distinct());
        Assert.Equal(before + 1, await CallsAsync());
        using var hit = await _client.HitAsync(Path);
        using var same = await _client.CallAsync(
            HttpMethod.Get, Path, null, ("If-None-Match", hit.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Fact]
    public async Task Changed_token_and_one_of_another_tenant_are_400()
    {
        await FillAsync(260);
        await FillAsync(260, account: 2);
        var token = (string)(await _client.GetJsonAsync(Path))["next_page_token"]!;
        var foreign = (string)(await nodes.As("globex.admin").GetJsonAsync(Path))["next_page_token"]!;
        var calls = await CallsAsync();

        string[] wrong =
        [
            foreign, token[..^2], token + "AAAA", $"{(token[5] == 'A' ? "B" : "A")}{token[1..]}", ".", "first", "x",
            new string('A', 1025), "%00",
        ];
        foreach (var text in wrong)
        {
            foreach (var client in new[] { _client, nodes.As("acme.admin", 2) })
            {
                using var response = await client.GetAnyAsync($"{Path}?page_token={text}");
                await response.AssertWrongAsync(HttpStatusCode.BadRequest, "page_token");
            }
        }
        using var own = await _client.GetAnyAsync(PathOf(token));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal(calls + 1, await CallsAsync());
    }

    [Theory]
    [InlineData("pool", "unavailable", HttpStatusCode.ServiceUnavailable, "provider_unavailable")]
    [InlineData("pool", "drop", HttpStatusCode.ServiceUnavailable, "provider_unavailable")]
    [InlineData("pool", "too_many", HttpStatusCode.ServiceUnavailable, "provider_unavailable")]
    [InlineData("table", "error500", HttpStatusCode.ServiceUnavailable, "provider_unavailable")]
    [InlineData("pool", "unauthorized", HttpStatusCode.UnprocessableEntity, "provider_key_refused")]
    [InlineData("pool", "html", HttpStatusCode.BadGateway, "provider_failed")]
    [InlineData("pool", "fault_in200", HttpStatusCode.ServiceUnavailable, "provider_unavailable")]
    [InlineData("pool", "foreign_link", HttpStatusCode.BadGateway, "provider_failed")]
    [InlineData("table", "expired", HttpStatusCode.BadGateway, "provider_failed")]
    [InlineData("table", "huge", HttpStatusCode.BadGateway, "provider_failed")]
    public async Task Provider_that_fails_is_a_problem_without_its_words(
        string call, string fault, HttpStatusCode status, string code)
    {
        await DropAsync();
        await nodes.Mock.FaultAsync(fault, call, times: 0);

        using var failed = await nodes.As("acme.fatturazione", 2).GetAnyAsync(Path);

        var problem = (string)(await failed.ProblemAsync(status, code))["detail"]!;
        Assert.Equal(status == HttpStatusCode.ServiceUnavailable, failed.Headers.RetryAfter is not null);
        await nodes.Mock.ControlAsync("faults", new { }, HttpMethod.Delete);
        string[] words = ["html", "Internal", "Server Error", "example", "Authentication", FatturaPaMock.Key];
        foreach (var word in words)
            Assert.DoesNotContain(word, problem, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Failure_is_not_cached()
    {
        await DropAsync();
        await nodes.Mock.FaultAsync("unavailable", "pool", times: 3);
        using var failed = await _client.GetAnyAsync(Path);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);

        // It is shared for a moment by requests right after it.
        await Eventually.TrueAsync(async () =>
        {
            using var response = await _client.GetAnyAsync(Path);
            return response.IsSuccessStatusCode;
        }, "the pool is read again");
    }

    [Fact]
    public async Task Tenant_without_a_key_is_422_naming_the_setting_until_it_is_set()
    {
        var globex = nodes.As("globex.admin");
        using var reset = await globex.CallAsync(HttpMethod.Delete, "/api/v1/config/fatturapa.api_key");
        Assert.True(reset.IsSuccessStatusCode);

        foreach (var path in new[] { Path, "/api/v1/fatturapa/invoices/1", "/api/v1/fatturapa/invoices/1/xml" })
        {
            using var response = await globex.GetAnyAsync(path);
            await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "fatturapa.api_key");
        }
        Assert.Null(await nodes.PollAsync(PoolNodes.Globex));
        await nodes.SetKeyAsync(PoolNodes.Globex, FatturaPaMock.OtherKey);
        Assert.NotNull((await globex.GetJsonAsync(Path))["items"]);
    }

    [Fact]
    public async Task Roles_without_the_permission_get_403()
    {
        foreach (var path in new[] { Path, "/api/v1/fatturapa/invoices/1", "/api/v1/fatturapa/invoices/1/xml" })
        {
            foreach (var user in new[] { "acme.user", "acme.ordini", "acme.preventivi", "super.admin" })
            {
                using var refused = await nodes.As(user).GetAnyAsync(path);
                Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            }
        }
        foreach (var user in new[] { "acme.fatturazione", "acme.admin" })
            Assert.NotNull((await nodes.As(user).GetJsonAsync(Path))["items"]);
    }

    private static string PathOf(string? token) => token is null ? Path : $"{Path}?page_token={token}";

    private async Task FillAsync(int events, int account = 1)
    {
        var there = JsonNode.Parse(await nodes.Mock.Client.GetStringAsync(
            new Uri($"/__mock/accounts/{account}/pool", UriKind.Relative), TestContext.Current.CancellationToken))!;
        for (var number = there.AsArray().Count; number < events; number++)
        {
            var sdiId = nodes.NewSdiId();
            await nodes.PlaceAsync($"IT12345678903_{sdiId[^5..]}.xml", [], sdiId, account: account);
        }
        await DropAsync();
    }

    // As a change of the key does.
    private async Task DropAsync()
    {
        await nodes.SetKeyAsync(PoolNodes.Acme, FatturaPaMock.Key);
        await nodes.SetKeyAsync(PoolNodes.Globex, FatturaPaMock.OtherKey);
    }

    private async Task<int> CallsAsync() => (await nodes.Mock.CallsAsync()).Count(call => call == "pool");
}

/// <summary>A page that has become stale.</summary>
public sealed class StalePoolPageTests(StalePoolPageTests.StaleNodes nodes)
    : IClassFixture<StalePoolPageTests.StaleNodes>
{
    [Fact]
    public async Task Stale_page_is_served_while_the_provider_is_away()
    {
        var client = nodes.As("acme.fatturazione");
        await nodes.PlaceAsync("IT12345678903_00001.xml", [], nodes.NewSdiId());
        var before = await client.GetJsonAsync("/api/v1/fatturapa/pool");
        Assert.Single(before["items"]!.AsArray());
        await nodes.Mock.FaultAsync("unavailable", "pool", times: 0);

        for (var read = 0; read < 3; read++)
        {
            var after = await client.GetJsonAsync("/api/v1/fatturapa/pool");
            Assert.Equal(before.ToJsonString(), after.ToJsonString());
        }
        // It was asked again meanwhile.
        await Eventually.TrueAsync(
            async () => (await nodes.Mock.RequestsAsync()).AsArray().Any(request => (int)request!["status"]! == 503),
            "the provider was asked");
    }

    /// <summary>Nodes whose pages are stale at once.</summary>
    public sealed class StaleNodes(ApiFixture fixture) : PoolNodes(fixture)
    {
        protected override (string Name, string Value)[] Settings =>
            [("Cache:Policies:fatturapa.pool.{tenant}.{page_token}:Fresh", "00:00:00.001")];
    }
}
