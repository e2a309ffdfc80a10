using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ECommerce.TestSupport;

/// <summary>Asks a Redis of the tests one thing, by a connection of its own and past every client of ours.</summary>
internal static class RedisWire
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The text of the reply: a status, or a string of any length.</summary>
    public static async Task<string> AskAsync(int port, string command)
    {
        using var timeout = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, timeout.Token);
        var stream = client.GetStream();
        // After QUIT the server closes, so that the end of the stream is the end of the reply.
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{command}\r\nQUIT\r\n"), timeout.Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(timeout.Token);
    }
}
