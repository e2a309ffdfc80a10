using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ECommerce.Features.Invoices.Channel;

/// <summary>
/// SSRF guard: the hosts that links of the provider may lead to. <c>host</c> and <c>*.domain</c> mean https on port
/// 443; <c>host:port</c> means that port, http as well. A host that is matched by a pattern must resolve to a public
/// address; one that is listed itself need not, since the operator has named it. Against DNS rebinding, the address that
/// is connected to is the one that is checked.
/// </summary>
internal sealed class DownloadHosts
{
    public const string Name = "FATTURAPA_DOWNLOAD_HOSTS";

    private const string Default = "*.blob.core.windows.net,*.table.core.windows.net";

    private readonly IReadOnlyList<Entry> _entries;

    private DownloadHosts(IReadOnlyList<Entry> entries) => _entries = entries;

    /// <exception cref="OptionsValidationException">An item is no host.</exception>
    public static DownloadHosts Read(IConfiguration configuration) => new(
    [
        .. (configuration[Name] is { Length: > 0 } given ? given : Default)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(static item => Entry.Parse(item) ?? throw new OptionsValidationException(
                Name, typeof(DownloadHosts),
                [$"{Name}: '{item}' is none of host, host:port and *.domain with two parts at least."])),
    ]);

    /// <exception cref="FatturaPaException">The link leads elsewhere. The message has only its host.</exception>
    public void Check(Uri link)
    {
        if (link.UserInfo.Length > 0 || !_entries.Any(entry => entry.Allows(link)))
            throw Refusal(link.Host);
    }

    /// <summary>For a handler that follows links: connects only where <see cref="Check"/> allows it.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var target = context.DnsEndPoint;
        var addresses = await Dns.GetHostAddressesAsync(target.Host, ct);
        var allowed = addresses
            .Where(address => _entries.Any(entry => entry.Allows(target.Host, target.Port, address))).ToArray();
        if (allowed.Length == 0)
            throw Refusal(target.Host);

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

    private static FatturaPaException Refusal(string host) => new(
        ProviderFault.ForeignLink, $"A link of the provider leads to {Shown(host)}, which is not an allowed address.");

    private static string Shown(string host) => host.Length <= 100 ? host : host[..100];

    private sealed record Entry(string Host, int Port, bool IsPattern, bool IsHttpAllowed)
    {
        public static Entry? Parse(string text)
        {
            var isPattern = text.StartsWith("*.", StringComparison.Ordinal);
            var (host, port, hasPort) = (isPattern ? text[2..] : text, 443, false);
            if (!isPattern && host.LastIndexOf(':') is > 0 and var colon)
            {
                hasPort = int.TryParse(
                    host[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port);
                host = host[..colon];
                if (!hasPort || port is < 1 or > 65_535)
                    return null;
            }
            if (Uri.CheckHostName(host) == UriHostNameType.Unknown
                || (isPattern && !host.Contains('.', StringComparison.Ordinal)))
            {
                return null;
            }
            return new Entry(host, port, isPattern, hasPort);
        }

        public bool Allows(Uri link) => Matches(link.Host, link.Port)
            && (link.Scheme == Uri.UriSchemeHttps || (IsHttpAllowed && link.Scheme == Uri.UriSchemeHttp));

        public bool Allows(string host, int port, IPAddress address) =>
            Matches(host, port) && (!IsPattern || ShopUrls.IsPublic(address));

        private bool Matches(string host, int port) => port == Port && (IsPattern
            ? host.EndsWith($".{Host}", StringComparison.OrdinalIgnoreCase)
            : string.Equals(host.Trim('[', ']'), Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase));
    }
}
