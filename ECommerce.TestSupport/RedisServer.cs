using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace ECommerce.TestSupport;

/// <summary>
/// A private redis-server on loopback that a test may kill and start again, on the same port, with or without what it
/// held.
/// </summary>
internal class RedisServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ecommerce-redis-").FullName;
    private readonly string _endpoints;
    private Process? _process;

    protected RedisServer(string endpoints) => _endpoints = endpoints;

    private RedisServer(int port)
        : this($"127.0.0.1:{port}") => Port = port;

    public int Port { get; }

    public string Configuration =>
        $"{_endpoints},abortConnect=false,connectTimeout=1000,syncTimeout=2000,allowAdmin=true";

    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer(ChildProcess.FreePort());
        await server.StartAgainAsync();
        return server;
    }

    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo("redis-server")
        {
            ArgumentList =
                { "--port", Port.ToString(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir",
                _folder, "--loglevel", "warning" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("redis-server did not start.");
        await Eventually.TrueAsync(CanConnectAsync, "redis-server accepts connections");
    }

    public async Task KillAsync()
    {
        try
        {
            await RedisCommands.AssertHarmlessAsync(Port);
        }
        finally
        {
            _process!.Kill();
            await _process.WaitForExitAsync();
        }
    }

    /// <summary>As the API connects: two connections, and nothing is sent later that cannot be sent now.</summary>
    public ConnectionMultiplexer Connect() => Connect(RedisProtocol.Resp2);

    public ConnectionMultiplexer Connect(RedisProtocol protocol)
    {
        var options = ConfigurationOptions.Parse(Configuration);
        (options.Protocol, options.BacklogPolicy) = (protocol, BacklogPolicy.FailFast);
        return ConnectionMultiplexer.Connect(options);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> CanConnectAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
