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
        var network = new StubHandler((_, request, _) =>
        {
            authorization = request.Headers.Authorization?.ToString();
            return Task.FromResult(Json("""{"orders":[{"id":7}]}"""));
        });
        var client = Client(network, baseUrl: baseUrl);

        var pages = await client.PagesAsync("orders", new Dictionary<string, string> { ["date"] = "1" }, Cancellation)
            .ToListAsync(Cancellation);

        Assert.Equal(7, Assert.Single(Assert.Single(pages)).Id);
        var sent = Assert.Single(network.Sent);
        Assert.Equal(address, sent.GetLeftPart(UriPartial.Path));
        Assert.Equal(
            ["date=1", "display=full", "filter[id]=>[0]", "limit=500", "output_format=JSON", "sort=[id_ASC]"],
            sent.Query.TrimStart('?').Split('&').Select(Uri.UnescapeDataString).Order(StringComparer.Ordinal));
        Assert.Equal($"Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes(ApiKey + ":"))}", authorization);
    }

    [Fact]
    public async Task Broken_connection_is_a_failure_without_the_key()
    {
        var client = Client(new StubHandler((_, _, _) => throw new HttpRequestException("Connection reset by peer")));

        var failure = await Assert.ThrowsAsync<PrestaShopException>(() => client.AllAsync("orders", Cancellation));

        Assert.True(failure.MayBeTooMuch);
        Assert.IsType<HttpRequestException>(failure.InnerException);
        Assert.DoesNotContain(ApiKey, failure.ToString(), StringComparison.Ordinal);
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
    public async Task Body_that_stalls_is_given_up()
    {
        var time = new ManualTime();
        var client = Client(
            new StubHandler(
                (_, _, _) => Task.FromResult(new HttpResponseMessage { Content = new StalledContent() })), time);

        var reading = client.AllAsync("orders", Cancellation);
        // Each smaller page stalls as well, down to the smallest.
        while (!reading.IsCompleted)
        {
            await Task.WhenAny(reading, time.WaitForTimerAsync(TimeSpan.FromSeconds(100)));
            time.Advance(TimeSpan.FromSeconds(100));
        }

        Assert.True((await Assert.ThrowsAsync<PrestaShopException>(() => reading)).MayBeTooMuch);
    }

    [Fact]
    public async Task Body_beyond_the_limit_is_refused()
    {
        var client = Client(new StubHandler((_, _, _) =>
        {
            var response = new HttpResponseMessage { Content = new StalledContent() };
            response.Content.Headers.ContentLength = (128 << 20) + 1;
            return Task.FromResult(response);
        }));

        Assert.True(
            (await Assert.ThrowsAsync<PrestaShopException>(
                () => client.AllAsync("orders", Cancellation))).MayBeTooMuch);
    }

    private static PrestaShopClient Client(
        StubHandler network, TimeProvider? time = null, string baseUrl = "https://shop.example/") =>
        PrestaShopClients.Create(new HttpClient(network), new Uri(baseUrl), ApiKey, time ?? TimeProvider.System);

    private static HttpResponseMessage Json(string body) =>
        new() { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    /// <summary>Sends its headers and then nothing.</summary>
    private sealed class StalledContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(
            Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
