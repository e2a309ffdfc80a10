using System.Net.Sockets;

namespace ECommerce.Api.Tests;

/// <summary>
/// For servers that are killed: where the connection ends between its opening and its first use, .NET throws the bare
/// exception of the socket.
/// </summary>
internal sealed class MortalServerHandler() : DelegatingHandler(new SocketsHttpHandler())
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SocketException exception)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, exception.Message, exception);
        }
    }
}
