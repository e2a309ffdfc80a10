using System.Net;
using ECommerce.ServiceDefaults.Discovery;
using Microsoft.Extensions.Configuration;

namespace ECommerce.Api.Tests.ServiceDefaults;

public class ServiceDiscoveryTests
{
    [Fact]
    public void A_name_becomes_the_address_of_the_configuration()
    {
        var endpoints = Endpoints(("services:prestashop:http:0", "http://localhost:5123"));

        Assert.Equal("http://localhost:5123/api/orders?limit=5", endpoints.Resolve(new("http://prestashop/api/orders?limit=5")).AbsoluteUri);
    }

    [Fact]
    public void Several_addresses_take_turns()
    {
        var endpoints = Endpoints(("services:api:http:0", "http://localhost:1"), ("services:api:http:1", "http://localhost:2"));

        var ports = Enumerable.Range(0, 5).Select(_ => endpoints.Resolve(new("http://api/")).Port);

        Assert.Equal([1, 2, 1, 2, 1], ports);
    }

    [Theory]
    [InlineData("https+http://shop/x", "https://localhost:9443/x")]
    [InlineData("http+https://shop/x", "http://localhost:9080/x")]
    [InlineData("https+http://plain/x", "http://localhost:9081/x")]
    public void Of_several_schemes_the_first_that_exists_counts(string asked, string expected)
    {
        var endpoints = Endpoints(
            ("services:shop:http:0", "http://localhost:9080"),
            ("services:shop:https:0", "https://localhost:9443"),
            ("services:plain:http:0", "localhost:9081"));

        Assert.Equal(expected, endpoints.Resolve(new(asked)).AbsoluteUri);
    }

    [Fact]
    public void An_address_with_a_path_keeps_it()
    {
        var endpoints = Endpoints(("services:provider:default:0", "https://host.example/ws/"));

        Assert.Equal("https://host.example/ws/Verify", endpoints.Resolve(new("http://provider/Verify")).AbsoluteUri);
    }

    [Fact]
    public void Another_host_stays_as_it_is()
    {
        var uri = new Uri("https://www.example.com/path?q=1");

        Assert.Same(uri, Endpoints().Resolve(uri));
    }

    [Fact]
    public async Task Every_client_finds_services_and_a_retry_goes_to_the_next_replica()
    {
        var network = new StubHandler(call => call == 1 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
        using var host = new ClientHost(network, settings: new()
        {
            ["services:api:http:0"] = "http://localhost:1",
            ["services:api:http:1"] = "http://localhost:2",
        });

        using var response = await host.Client.GetAsync(new Uri("https+http://api/orders"), TestContext.Current.CancellationToken);

        Assert.Equal([1, 2], network.Sent.Select(uri => uri.Port));
    }

    private static ServiceEndpoints Endpoints(params (string Key, string Value)[] settings) => new(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build());
}
