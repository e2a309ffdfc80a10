using ECommerce.Api.Tests.Mocks.FatturaPa;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Channel.Pool;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ECommerce.Api.Tests.Invoices.Channel;

public sealed class DownloadHostsTests
{
    [Theory]
    [InlineData("https://account.blob.core.windows.net/files/a.xml?sig=x", true)]
    [InlineData("http://account.blob.core.windows.net/files/a.xml", false)]
    [InlineData("https://account.blob.core.windows.net:8443/files/a.xml", false)]
    [InlineData("https://blob.core.windows.net/files/a.xml", false)]
    [InlineData("https://evilblob.core.windows.net/files/a.xml", false)]
    [InlineData("https://a.blob.core.windows.net.evil.example/a.xml", false)]
    [InlineData("https://a.blob.core.windows.net@evil.example/a.xml", false)]
    [InlineData("https://user@a.blob.core.windows.net/a.xml", false)]
    [InlineData("http://169.254.169.254/latest/meta-data", false)]
    [InlineData("https://127.0.0.1/a.xml", false)]
    [InlineData("file:///etc/passwd", false)]
    public void Links_lead_to_allowed_hosts_only(string link, bool isAllowed)
    {
        var failure = Record.Exception(() => Hosts(null).Check(new Uri(link)));

        Assert.Equal(isAllowed ? null : ProviderFault.ForeignLink, (failure as FatturaPaException)?.Fault);
        Assert.DoesNotContain("sig", failure?.Message ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("*.com")]
    [InlineData("https://host")]
    [InlineData("host:0")]
    [InlineData("host:x")]
    public void Setting_that_is_no_host_stops_the_start(string text) =>
        Assert.Throws<OptionsValidationException>(() => Hosts(text));

    [Fact]
    public async Task Host_of_a_pattern_that_resolves_to_a_private_address_is_not_connected_to()
    {
        // Every name under localhost is this machine.
        await using var test = new ChannelUnderTest("*.example.localhost");
        using var handler = new SocketsHttpHandler { ConnectCallback = Hosts("*.example.localhost").ConnectAsync };
        using var client = new HttpClient(handler);

        var failure = await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync(
            new Uri("https://a.example.localhost/"), ChannelUnderTest.Cancellation));
        Assert.Null(failure.StatusCode);
        Assert.NotEqual(HttpRequestError.SecureConnectionError, failure.HttpRequestError);
    }

    [Fact]
    public async Task Link_to_a_host_that_is_not_listed_is_not_followed()
    {
        await using var test = new ChannelUnderTest("storage.example:443");
        var outcome = await test.SendAsync(1);

        Assert.Equal((SendState.NotSent, ProviderFault.ForeignLink), (outcome.State, outcome.Fault));
        Assert.Equal(["uploadstart1"], await test.Mock.CallsAsync());
    }

    [Fact]
    public async Task File_of_an_event_is_downloaded_from_allowed_hosts_only()
    {
        await using var test = new ChannelUnderTest();
        var entry = new PoolEntry("1", PoolDirection.Sale, "Ricevuta", "1", SampleInvoice.FileName(1))
        {
            Link = new DownloadLink(new Uri("http://localhost:1/secret")),
        };

        var failure = await Assert.ThrowsAsync<FatturaPaException>(
            () => test.Channel.DownloadAsync(entry, ChannelUnderTest.Cancellation));
        Assert.Equal(ProviderFault.ForeignLink, failure.Fault);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://provider.example/V10.svc/rest")]
    [InlineData("https://user:secret@provider.example/V10.svc/rest")]
    [InlineData("https://provider.example/rest")]
    [InlineData("provider")]
    public void Base_address_that_is_none_stops_the_start(string text)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => ChannelSettings.Read(
            new ConfigurationBuilder().AddInMemoryCollection([new("FATTURAPA_BASE_URL", text)]).Build()));
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    private static DownloadHosts Hosts(string? text) => DownloadHosts.Read(
        new ConfigurationBuilder().AddInMemoryCollection([new("FATTURAPA_DOWNLOAD_HOSTS", text)]).Build());
}
