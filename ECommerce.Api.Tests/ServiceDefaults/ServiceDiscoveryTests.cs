using System.Net;

namespace ECommerce.Api.Tests.ServiceDefaults;

public class ServiceDiscoveryTests
{
    [Theory]
    [InlineData("http://prestashop/api/orders?limit=5", "http://localhost:5123/api/orders?limit=5")]
    [InlineData("https+http://prestashop/x", "http://localhost:5123/x")]
    [InlineData("https+http://shop/x", "https://localhost:9443/x")]
    [InlineData("https+http://provider/Verify", "https://host.example/ws/Verify")]
    public async Task Service_name_is_replaced_by_its_configured_address(string requested, string sent) =>
        Assert.Equal(sent, await SendAsync(requested));

    [Theory]
    [InlineData("https://www.example.com/path?q=1")]
    [InlineData("https://www.example.com:8443/api/orders?filter[id]=%3E[5]&date=1")]
    public async Task Unknown_host_is_left_unchanged(string address) =>
        Assert.Equal(new Uri(address).AbsoluteUri, await SendAsync(address));

    [Fact]
    public async Task Retry_is_sent_to_the_next_replica()
    {
        var network = new StubHandler(call => call == 1 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
        using var host = new ClientHost(network, settings: new()
        {
            ["services:api:http:0"] = "http://localhost:1",
            ["services:api:http:1"] = "http://localhost:2",
        });

        using var response = await host.Client.GetAsync(
            new Uri("https+http://api/orders"), TestContext.Current.CancellationToken);

        Assert.Equal([1, 2], network.Sent.Select(uri => uri.Port).Order());
    }

    private static async Task<string> SendAsync(string address)
    {
        var network = new StubHandler(_ => HttpStatusCode.OK);
        using var host = new ClientHost(network, settings: new()
        {
            ["services:prestashop:http:0"] = "http://localhost:5123",
            ["services:shop:http:0"] = "http://localhost:9080",
            ["services:shop:https:0"] = "https://localhost:9443",
            ["services:provider:default:0"] = "https://host.example/ws/",
        });
        (await host.Client.GetAsync(new Uri(address), TestContext.Current.CancellationToken)).Dispose();
        return Assert.Single(network.Sent).AbsoluteUri;
    }
}
