using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ECommerce.Features.ShopAccess;

/// <summary>
/// SSRF guard: decides which addresses a merchant may register as a shop. The server calls them, so in Production
/// private addresses and ports other than 80, 443 and those of SHOP_ALLOWED_PORTS are refused, unless the host is
/// listed in SHOP_ALLOWED_PRIVATE_HOSTS. Against DNS rebinding,
/// <see cref="ShopConnection"/> checks <see cref="IsAllowed"/> again for the address that it connects to.
/// </summary>
internal sealed class ShopUrls(IHostEnvironment environment, IConfiguration configuration)
{
    private const string PortsName = "SHOP_ALLOWED_PORTS";

    // The special-purpose ranges of RFC 6890 and its successors, and those that embed IPv4 addresses.
    private static readonly IPNetwork[] Private =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
            "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
            "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10",
            "ff00::/8",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    private readonly HashSet<string> _allowedHosts =
        new(List(configuration, "SHOP_ALLOWED_PRIVATE_HOSTS"), StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<int> _allowedPorts = [80, 443, .. Ports(configuration)];

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
        if (!_allowedPorts.Contains(url.Port))
            return "A shop's address has the port 80 or 443.";
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
    public bool IsAllowed(string host, IPAddress address, int port = 443)
    {
        if (!environment.IsProduction() || _allowedHosts.Contains(host))
            return true;
        return _allowedPorts.Contains(port) && IsPublic(address);
    }

    /// <summary>Whether an address is outside the special-purpose ranges.</summary>
    internal static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Private.Any(network => network.Contains(plain));
    }

    private static IEnumerable<int> Ports(IConfiguration configuration) =>
        List(configuration, PortsName).Select(text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65_535
                ? port
                : throw new OptionsValidationException(
                    PortsName, typeof(ShopUrls), [$"{PortsName}: '{text}' is no port."]));

    private static string[] List(IConfiguration configuration, string name) => (configuration[name] ?? "")
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
