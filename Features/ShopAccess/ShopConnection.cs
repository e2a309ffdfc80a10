using System.Net;
using System.Net.Sockets;

namespace ECommerce.Features.ShopAccess;

/// <summary>
/// Connects to shops, guarded against SSRF and DNS rebinding: a name that was public when the merchant registered it
/// may resolve to a private address later, so the address that is connected to is the one that is checked.
/// </summary>
internal sealed class ShopConnection(ShopUrls urls)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var target = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(target.Host, ct);
        var allowed = addresses.Where(address => urls.IsAllowed(target.Host, address, target.Port)).ToArray();
        if (allowed.Length == 0)
        {
            throw new HttpRequestException(
                HttpRequestError.ConnectionError, $"The address of {target.Host} is not a public one.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
