using System.Net;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;

namespace Aspire.Hosting.Programs;

internal static class RedisPing
{
    public static async Task<string?> FindProblemAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var redis = (RedisResource)instance.Resource;
        var password = redis.PasswordParameter is { } parameter ? await parameter.GetValueAsync(cancellationToken).ConfigureAwait(false) : null;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, instance.Ports[RedisResource.PrimaryEndpointName], cancellationToken).ConfigureAwait(false);
            await using var stream = new NetworkStream(socket);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            if (password is not null && await AskAsync(stream, reader, cancellationToken, "AUTH", password).ConfigureAwait(false) is var login and not "+OK")
                return login ?? "the connection was closed";

            var pong = await AskAsync(stream, reader, cancellationToken, "PING").ConfigureAwait(false);
            return pong == "+PONG" ? null : pong ?? "the connection was closed";
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return error.Message;
        }
    }

    private static async Task<string?> AskAsync(NetworkStream stream, StreamReader reader, CancellationToken cancellationToken, params string[] words)
    {
        var request = $"*{words.Length}\r\n" + string.Concat(words.Select(word => $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n"));
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), cancellationToken).ConfigureAwait(false);
        return await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
    }
}
