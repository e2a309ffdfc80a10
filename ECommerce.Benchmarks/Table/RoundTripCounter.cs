using System.Net;
using System.Net.Sockets;

namespace ECommerce.Benchmarks.Table;

/// <summary>
/// A proxy between a client and Redis that counts how often the client sends after a response of Redis: commands that
/// are sent together are one round trip.
/// </summary>
internal sealed class RoundTripCounter : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _redis;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private long _count;

    public RoundTripCounter(string redis)
    {
        _redis = IPEndPoint.Parse(redis);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public long Count => Interlocked.Read(ref _count);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            await server.ConnectAsync(_redis, _stop.Token);
            var responded = new StrongBox { Value = 1 };
            await Task.WhenAny(
                CopyAsync(client.GetStream(), server.GetStream(), Count),
                CopyAsync(server.GetStream(), client.GetStream(), () => Interlocked.Exchange(ref responded.Value, 1)));

            long Count() => Interlocked.Add(ref _count, Interlocked.Exchange(ref responded.Value, 0));
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Func<long> passing)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, _stop.Token) is > 0 and var length)
        {
            passing();
            await to.WriteAsync(buffer.AsMemory(0, length), _stop.Token);
        }
    }

    private sealed class StrongBox
    {
        public long Value;
    }
}
