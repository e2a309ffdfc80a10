using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace ECommerce.Api.Tests.ShopAccess;

public sealed class ShopUrlsTests
{
    [Theory]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://localhost:8080")]
    [InlineData("http://[::1]")]
    [InlineData("http://[::ffff:127.0.0.1]")]
    [InlineData("http://10.1.2.3")]
    [InlineData("http://172.20.0.1")]
    [InlineData("http://192.168.1.1")]
    [InlineData("http://169.254.169.254")]
    [InlineData("http://100.64.0.1")]
    [InlineData("http://0.0.0.0")]
    [InlineData("http://2130706433")]
    [InlineData("http://0x7f.1")]
    [InlineData("http://[fd00::1]")]
    [InlineData("http://[fe80::1]")]
    [InlineData("http://[64:ff9b::7f00:1]")]
    [InlineData("http://192.0.2.1")]
    [InlineData("http://198.51.100.1")]
    [InlineData("http://203.0.113.1")]
    [InlineData("http://192.88.99.1")]
    [InlineData("http://[2001::1]")]
    [InlineData("http://[2001:1ff::1]")]
    [InlineData("http://[2001:db8::1]")]
    [InlineData("http://[100::1]")]
    [InlineData("http://[3fff::1]")]
    [InlineData("http://[5f00::1]")]
    [InlineData("http://[::ffff:0:10.0.0.1]")]
    [InlineData("http://93.184.216.34:22")]
    [InlineData("https://93.184.216.34:6379")]
    public async Task Production_refuses_addresses_that_only_the_server_can_reach(string url)
    {
        Assert.NotNull(await Urls("Production").RefusalAsync(url, TestContext.Current.CancellationToken));
        Assert.Null(await Urls("Development").RefusalAsync(url, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Production_accepts_public_addresses_and_hosts_that_are_allowed_by_name()
    {
        Assert.Null(
            await Urls("Production").RefusalAsync("https://93.184.216.34", TestContext.Current.CancellationToken));
        Assert.Null(
            await Urls("Production", "prestashop, localhost")
                .RefusalAsync("http://localhost:8080", TestContext.Current.CancellationToken));
        Assert.NotNull(
            await Urls("Production", "prestashop")
                .RefusalAsync("http://127.0.0.1", TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_address_that_is_connected_to_counts_whatever_the_name_was()
    {
        Assert.False(Urls("Production").IsAllowed("shop.example", IPAddress.Parse("10.0.0.1")));
        Assert.True(Urls("Production").IsAllowed("shop.example", IPAddress.Parse("93.184.216.34")));
        Assert.True(Urls("Production", "shop.example").IsAllowed("shop.example", IPAddress.Parse("10.0.0.1")));
    }

    [Fact]
    public async Task Production_accepts_other_ports_only_where_they_are_configured()
    {
        var urls = Urls("Production", ports: "8443");

        Assert.Null(await urls.RefusalAsync("https://93.184.216.34:8443", TestContext.Current.CancellationToken));
        Assert.NotNull(await urls.RefusalAsync("https://93.184.216.34:8080", TestContext.Current.CancellationToken));
        Assert.True(urls.IsAllowed("shop.example", IPAddress.Parse("93.184.216.34"), 8443));
        Assert.False(urls.IsAllowed("shop.example", IPAddress.Parse("93.184.216.34"), 22));
    }

    private static ShopUrls Urls(string environment, string? allowed = null, string? ports = null) => new(
        new Environment { EnvironmentName = environment },
        new ConfigurationBuilder().AddInMemoryCollection(
            [new("SHOP_ALLOWED_PRIVATE_HOSTS", allowed), new("SHOP_ALLOWED_PORTS", ports)]).Build());

    private sealed class Environment : IHostEnvironment
    {
        public required string EnvironmentName { get; set; }

        public string ApplicationName { get; set; } = "";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
