using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace ECommerce.Features.Accounts;

/// <summary>
/// The network that a client controls: its IPv4 address, or the /64 of its IPv6 address, of which it has all addresses.
/// </summary>
internal static class ClientAddress
{
    private const int PrefixBytes = 8;

    public static string From(HttpContext http) => From(http.Connection.RemoteIpAddress);

    public static string From(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(PrefixBytes).Clear();
        return new IPAddress(bytes).ToString();
    }
}
