using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace ECommerce.Features.ShopAccess;

/// <summary>
/// SSRF guard: decides which addresses a merchant may register as a shop. The server calls them, so in Production
/// private addresses are refused, unless the host is listed in SHOP_ALLOWED_PRIVATE_HOSTS. Against DNS rebinding,
/// <see cref="ShopConnection"/> checks <see cref="IsAllowed"/> again for the address that it connects to.
/// </summary>
internal sealed class ShopUrls(IHostEnvironment environment, IConfiguration configuration)
{
    private static readonly IPNetwork[] Private =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16",
            "fc00::/7",
            "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    private readonly HashSet<string> _allowedHosts = new(
        (configuration["SHOP_ALLOWED_PRIVATE_HOSTS"] ?? "")
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The reason why an address is refused; null when it is allowed.</summary>
    public async Task<string?> RefusalAsync(string text, CancellationToken ct)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            return "A shop's address begins with http:// or https://.";
        }

        if (url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
            return "A shop's address has neither a user, nor a query, nor a fragment.";
        if (!environment.IsProduction() || _allowedHosts.Contains(url.Host))
            return null;
        try
        {
            var host = url.IdnHost.Trim('[', ']');
            var addresses = IPAddress.TryParse(host, out var literal)
                ? [literal]
                : await Dns.GetHostAddressesAsync(host, ct);
            return addresses.Length > 0 && addresses.All(address => IsAllowed(url.Host, address))
                ? null
                : "A shop's address must be a public one.";
        }
        catch (SocketException)
        {
            return "The shop's host name cannot be resolved.";
        }
    }

    /// <summary>Whether a shop on this host may be called at this address.</summary>
    public bool IsAllowed(string host, IPAddress address)
    {
        if (!environment.IsProduction() || _allowedHosts.Contains(host))
            return true;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Private.Any(network => network.Contains(plain));
    }
}
