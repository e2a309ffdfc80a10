using System.Net;
using System.Net.Sockets;

namespace ECommerce.TestSupport;

/// <summary>The way from one node to a server, which a test can cut, hold up or slow down.</summary>
internal sealed class TcpLink : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _sockets = [];
    private TaskCompletionSource _flows = new();
    private bool _isCut;

    public TcpLink(int server)
    {
        _server = server;
        _flows.SetResult();
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>By how much the data of the server is delayed.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>All connections break, what was on its way is lost, and new ones are refused.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _isCut = true;
            foreach (var socket in _sockets)
                socket.Dispose();
            _sockets.Clear();
        }
    }

    /// <summary>Connections stay and nothing passes.</summary>
    public void Hold()
    {
        lock (_lock)
            _flows = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>As if nothing had been; what was held up arrives.</summary>
    public void Mend()
    {
        lock (_lock)
        {
            _isCut = false;
            _flows.TrySetResult();
        }
    }

    public ValueTask DisposeAsync()
    {
        Cut();
        Volatile.Read(ref _flows).TrySetResult();
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (!TryKeep(client))
                return;
            await server.ConnectAsync(IPAddress.Loopback, _server);
            if (!TryKeep(server))
                return;
            client.NoDelay = server.NoDelay = true;
            // Whichever side ends first ends both.
            await Task.WhenAny(PumpAsync(client, server, () => TimeSpan.Zero), PumpAsync(server, client, () => Delay));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The server is away, or the link was cut meanwhile.
        }
        finally
        {
            lock (_lock)
            {
                _sockets.Remove(client);
                _sockets.Remove(server);
            }
            client.Dispose();
            server.Dispose();
        }
    }

    private bool TryKeep(Socket socket)
    {
        lock (_lock)
            return !_isCut && _sockets.Add(socket);
    }

    private async Task PumpAsync(Socket from, Socket to, Func<TimeSpan> delay)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                await Volatile.Read(ref _flows).Task;
                if (delay() is var time && time > TimeSpan.Zero)
                    await Task.Delay(time);
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // One side is gone: the other one goes too.
        }
    }
}
