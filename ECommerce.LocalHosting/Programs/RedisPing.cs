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
        var port = instance.Ports[RedisResource.PrimaryEndpointName];
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken).ConfigureAwait(false);
            await using var stream = new NetworkStream(socket);
            using var reader = new StreamReader(stream, Encoding.ASCII);

            if (redis.PasswordParameter is { } parameter)
            {
                var password = await parameter.GetValueAsync(cancellationToken).ConfigureAwait(false) ?? "";
                var login = await AskAsync(stream, reader, ["AUTH", password], cancellationToken).ConfigureAwait(false);
                if (login != "+OK")
                    return login;
            }

            var pong = await AskAsync(stream, reader, ["PING"], cancellationToken).ConfigureAwait(false);
            return pong == "+PONG" ? null : pong;
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return error.Message;
        }
    }

    private static async Task<string> AskAsync(NetworkStream stream, StreamReader reader, string[] words, CancellationToken cancellationToken)
    {
        var request = $"*{words.Length}\r\n" + string.Concat(words.Select(word => $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n"));
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), cancellationToken).ConfigureAwait(false);
        return await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) ?? "the connection was closed";
    }
}
