using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Engine;

/// <summary>Listens at a public endpoint for the whole run and spreads its connections over the instances behind it.</summary>
internal sealed class TcpProxy(IReadOnlyList<Socket> listeners, Func<IReadOnlyList<int>> targets) : IAsyncDisposable
{
    private const int BufferSize = 32 * 1024;

    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;
    private int _next = -1;

    public void Start() => _accepting = Task.WhenAll(listeners.Select(listener => AcceptAsync(listener, _stop.Token)));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        foreach (var listener in listeners)
            listener.Dispose();

        await _accepting.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task AcceptAsync(Socket listener, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
                // Not awaited: a connection lives on its own, handles its own errors and ends with the token.
                _ = ServeAsync(client, cancellationToken);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that was gone before it was accepted.
            }
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken cancellationToken)
    {
        using (client)
        {
            try
            {
                using var server = await ConnectAsync(cancellationToken).ConfigureAwait(false);
                if (server is null)
                    return;

                client.NoDelay = server.NoDelay = true;
                await Task.WhenAll(CopyAsync(client, server, cancellationToken), CopyAsync(server, client, cancellationToken))
                    .ConfigureAwait(false);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Either side went away: both sockets are closed, and each side sees that.
            }
        }
    }

    /// <summary>The next instance in turn; one that refuses is skipped.</summary>
    private async Task<Socket?> ConnectAsync(CancellationToken cancellationToken)
    {
        var ports = targets();
        var first = (uint)Interlocked.Increment(ref _next);
        for (var i = 0u; i < ports.Count; i++)
        {
            var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, ports[(int)((first + i) % (uint)ports.Count)], cancellationToken)
                    .ConfigureAwait(false);
                return server;
            }
            catch (SocketException)
            {
                server.Dispose();
            }
            catch (OperationCanceledException)
            {
                server.Dispose();
                throw;
            }
        }

        return null;
    }

    private static async Task CopyAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        try
        {
            while (await from.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var read)
                await SendAsync(to, buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);

            // One direction ended in order: the other may still have something to say.
            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The other direction must not wait for a peer that was reset.
            from.Dispose();
            to.Dispose();
        }
    }

    private static async Task SendAsync(Socket to, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (data.Length > 0)
            data = data[await to.SendAsync(data, cancellationToken).ConfigureAwait(false)..];
    }
}
