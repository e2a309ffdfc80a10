using System.Net;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.Engine;

namespace ECommerce.Api.Tests.Hosting.Engine;

public sealed class TcpProxyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_go_to_the_instances_in_turn_and_skip_one_that_refuses()
    {
        using var one = new Answering("one");
        using var two = new Answering("two");
        int refusing;
        using (var gone = new Answering("gone"))
            refusing = gone.Port;
        var port = Ports.Take();
        await using var proxy = new TcpProxy(Ports.Listen(port), () => [one.Port, refusing, two.Port]);
        proxy.Start();

        var answers = new List<string>();
        for (var i = 0; i < 6; i++)
            answers.Add(await AskAsync(port));

        Assert.Equal(["one", "two", "two", "one", "two", "two"], answers);
    }

    [Fact]
    public async Task A_connection_without_an_instance_is_closed()
    {
        var port = Ports.Take();
        await using var proxy = new TcpProxy(Ports.Listen(port), () => []);
        proxy.Start();

        Assert.Equal("", await AskAsync(port));
    }

    private static async Task<string> AskAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Ct);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        return await reader.ReadToEndAsync(Ct);
    }

    /// <summary>Says its name to everyone who connects.</summary>
    private sealed class Answering : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Answering(string name)
        {
            _listener.Start();
            _ = ServeAsync(name);
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync(string name)
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync(Ct);
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(name), Ct);
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // The test is over.
            }
        }
    }
}
