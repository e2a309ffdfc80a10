using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace ECommerce.Api.Tests.ShopAccess;

public class ShopConnectionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Production", null, false)]
    [InlineData("Production", "localhost", true)]
    [InlineData("Development", null, true)]
    public async Task A_name_that_leads_to_a_private_address_is_not_connected_to_in_Production(
        string environment, string? allowedHosts, bool connects)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("SHOP_ALLOWED_PRIVATE_HOSTS", allowedHosts)]).Build();
        var connection = new ShopConnection(new ShopUrls(new Named(environment), configuration));
        using var handler = new SocketsHttpHandler { ConnectCallback = connection.ConnectAsync };
        using var client = new HttpClient(handler);

        var asking = client.GetAsync($"http://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/api/orders", Ct);

        if (connects)
        {
            using var accepted = await listener.AcceptSocketAsync(Ct);
            await accepted.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), Ct);
            Assert.Equal(HttpStatusCode.NoContent, (await asking).StatusCode);
        }
        else
        {
            Assert.Contains("not a public one", (await Assert.ThrowsAsync<HttpRequestException>(() => asking)).Message);
            Assert.False(listener.Pending());
        }
    }

    private sealed class Named(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;
        public string ApplicationName { get; set; } = "tests";
        public string ContentRootPath { get; set; } = ".";
        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
