using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;

namespace Aspire.Hosting.Programs;

/// <summary>The server greets only when it is ready to log clients in; asking for the greeting costs no login.</summary>
internal static class MySqlGreeting
{
    private const byte ProtocolVersion = 10;
    private const int ProtocolVersionOffset = 4;

    public static async Task<string?> FindProblemAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, instance.Ports[MySqlServerResource.PrimaryEndpointName], cancellationToken)
                .ConfigureAwait(false);
            await using var stream = new NetworkStream(socket);
            var greeting = new byte[ProtocolVersionOffset + 1];
            await stream.ReadExactlyAsync(greeting, cancellationToken).ConfigureAwait(false);
            return greeting[ProtocolVersionOffset] == ProtocolVersion ? null : "the server refuses connections";
        }
        catch (Exception error) when (error is SocketException or IOException)
        {
            return error.Message;
        }
    }
}
