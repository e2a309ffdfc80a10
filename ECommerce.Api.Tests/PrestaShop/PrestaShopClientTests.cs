using System.IO.Pipelines;
using System.Net;
using System.Text;
using ECommerce.Api.Tests.ServiceDefaults;
using ECommerce.Features.PrestaShop.Webservice;

namespace ECommerce.Api.Tests.PrestaShop;

public class PrestaShopClientTests
{
    private const string ApiKey = "S3CR3TKEYS3CR3TKEYS3CR3TKEYS3CR3";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://shop.example/", "https://shop.example/api/orders")]
    [InlineData("https://shop.example/negozio/", "https://shop.example/negozio/api/orders")]
    [InlineData("https://shop.example/negozio", "https://shop.example/negozio/api/orders")]
    public async Task Page_is_requested_by_keyset_with_the_key_as_user(string baseUrl, string address)
    {
        string? authorization = null;
        var network = new StubHandler((call, request, _) =>
        {
            authorization = request.Headers.Authorization?.ToString();
            return Task.FromResult(Json(call == 1 ? """{"orders":[{"id":7}]}""" : "[]"));
        });
        var client = Client(network, baseUrl: baseUrl);

        var pages = await client.PagesAsync("orders", new Dictionary<string, string> { ["date"] = "1" }, Cancellation)
            .ToListAsync(Cancellation);

        Assert.Equal(7, Assert.Single(Assert.Single(pages)).Id);
        // Only an empty page is the end: hosts cap pages below what is asked for.
        Assert.Equal(2, network.Sent.Count);
        Assert.Contains("filter[id]=>[7]", Uri.UnescapeDataString(network.Sent[1].Query), StringComparison.Ordinal);
        var sent = network.Sent[0];
        Assert.Equal(address, sent.GetLeftPart(UriPartial.Path));
        Assert.Equal(
            ["date=1", "display=full", "filter[id]=>[0]", "limit=500", "output_format=JSON", "sort=[id_ASC]"],
            sent.Query.TrimStart('?').Split('&').Select(Uri.UnescapeDataString).Order(StringComparer.Ordinal));
        Assert.Equal($"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes(ApiKey + ":"))}", authorization);
    }

    [Fact]
    public async Task Broken_connection_is_a_failure_without_the_key()
    {
        var time = new ManualTime();
        var client = Client(
            new StubHandler((_, _, _) => throw new HttpRequestException($"Connection reset by peer {ApiKey}")), time);

        var failure = await FailureAsync(client, time);

        Assert.True(failure.MayBeTooMuch);
        Assert.IsType<HttpRequestException>(failure.InnerException);
        Assert.DoesNotContain(ApiKey, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_status_is_a_failure_of_the_shop()
    {
        var client = Client(new StubHandler(_ => HttpStatusCode.NotFound));

        var failure = await Assert.ThrowsAsync<PrestaShopException>(() => client.AllAsync("orders", Cancellation));

        Assert.StartsWith("orders: the shop", failure.Message);
        Assert.Contains("404", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.MayBeTooMuch);
    }

    [Fact]
    public async Task Body_that_stalls_is_given_up_within_a_minute()
    {
        var time = new ManualTime();
        var client = Client(
            new StubHandler(
                (_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new StalledContent() })), time);
        var started = time.GetUtcNow();

        var failure = await FailureAsync(client, time);

        Assert.Equal(ShopFault.TooSlow, failure.Fault);
        Assert.InRange(time.GetUtcNow() - started, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Body_beyond_the_limit_is_refused_after_smaller_pages()
    {
        var network = new StubHandler((_, _, _) =>
        {
            var response = new HttpResponseMessage { Content = new StalledContent() };
            response.Content.Headers.ContentLength = (16 << 20) + 1;
            return Task.FromResult(response);
        });

        var failure = await Assert.ThrowsAsync<PrestaShopException>(
            () => Client(network).AllAsync("orders", Cancellation));

        Assert.Equal("orders: the shop returned a page of more than 16 MB.", failure.Message);
        Assert.InRange(network.Sent.Count, 2, 5);
    }

    [Theory]
    [InlineData(5, "ids that shrink", """{"orders":[{"id":7},{"id":6}]}""")]
    [InlineData(5, "an id twice", """{"orders":[{"id":7},{"id":7}]}""")]
    [InlineData(2, "rows before the last one", """{"orders":[{"id":3}]}""")]
    public async Task Shop_that_ignores_the_filter_or_the_order_ends_the_read(int first, string what, string then)
    {
        var client = Client(new StubHandler((call, _, _) =>
            Task.FromResult(Json(call == 1 ? $$"""{"orders":[{"id":{{first}}}]}""" : then.Replace('3', '1')))));

        var failure = await Assert.ThrowsAsync<PrestaShopException>(() => client.AllAsync("orders", Cancellation));

        Assert.True(failure.Message.Contains("ignores", StringComparison.Ordinal), $"{what}: {failure.Message}");
        Assert.Equal(ShopFault.Final, failure.Fault);
    }

    [Fact]
    public async Task Page_with_more_rows_than_asked_for_ends_the_read()
    {
        var rows = string.Join(',', Enumerable.Range(1, 501).Select(id => $$"""{"id":{{id}}}"""));
        var client = Client(new StubHandler((_, _, _) => Task.FromResult(Json($$"""{"orders":[{{rows}}]}"""))));

        var failure = await Assert.ThrowsAsync<PrestaShopException>(() => client.AllAsync("orders", Cancellation));

        Assert.Contains("more rows than the 500 that were asked for", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirect_is_not_followed_and_names_its_target_without_its_query()
    {
        var client = Client(
            new StubHandler((_, _, _) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Moved)
            {
                Headers = { Location = new Uri($"https://user:pw@www.shop.example/api/orders?ws_key={ApiKey}") },
            })),
            authMode: ShopAuthMode.QueryKey);

        var failure = await Assert.ThrowsAsync<PrestaShopException>(() => client.AllAsync("orders", Cancellation));

        Assert.Contains("(301) to https://www.shop.example/api/orders;", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("user", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(ApiKey, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_key_replaces_the_header()
    {
        var authorization = (string?)"";
        var network = new StubHandler((_, request, _) =>
        {
            authorization = request.Headers.Authorization?.ToString();
            return Task.FromResult(Json("[]"));
        });

        await Client(network, authMode: ShopAuthMode.QueryKey).AllAsync("orders", Cancellation);

        Assert.Null(authorization);
        Assert.Contains($"ws_key={ApiKey}", Assert.Single(network.Sent).Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rate_limit_is_obeyed_until_the_response_comes()
    {
        var time = new ManualTime();
        var client = Client(
            new StubHandler((call, _, _) => Task.FromResult(
                call <= 30
                    ? new HttpResponseMessage(HttpStatusCode.TooManyRequests)
                    {
                        Headers = { RetryAfter = new(TimeSpan.FromSeconds(2)) },
                    }
                    : Json("[]"))),
            time);
        var started = time.GetUtcNow();

        var reading = client.AllAsync("orders", Cancellation);
        await time.AdvanceUntilAsync(reading);

        Assert.Empty(await reading);
        Assert.True(time.GetUtcNow() - started >= TimeSpan.FromSeconds(60));
    }

    private static async Task<PrestaShopException> FailureAsync(PrestaShopClient client, ManualTime time)
    {
        var reading = client.AllAsync("orders", Cancellation);
        await time.AdvanceUntilAsync(reading);
        return await Assert.ThrowsAsync<PrestaShopException>(() => reading);
    }

    private static PrestaShopClient Client(
        StubHandler network, TimeProvider? time = null, string baseUrl = "https://shop.example/",
        ShopAuthMode authMode = ShopAuthMode.Basic) =>
        PrestaShopClients.Create(
            new HttpClient(network), new(new Uri(baseUrl), ApiKey) { AuthMode = authMode },
            time ?? TimeProvider.System);

    private static HttpResponseMessage Json(string body) =>
        new() { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    /// <summary>Sends its headers and then nothing.</summary>
    /// <summary>A body of which nothing comes.</summary>
    private sealed class StalledContent : HttpContent
    {
        protected override Task<Stream> CreateContentReadStreamAsync() =>
            Task.FromResult(new Pipe().Reader.AsStream());

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            throw new NotSupportedException("The client reads the stream.");

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
