using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace ECommerce.Api;

/// <summary>
/// <c>TRUSTED_PROXIES</c>: the addresses or networks, separated by commas, of proxies whose X-Forwarded-For and
/// X-Forwarded-Proto count; none by default. From any other address these headers are ignored.
/// </summary>
internal static class TrustedProxies
{
    private const string Name = "TRUSTED_PROXIES";

    public static void AddTrustedProxies(this IServiceCollection services, IConfiguration configuration)
    {
        var networks = Read(configuration[Name]);
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = networks.Count == 0
                ? ForwardedHeaders.None
                : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // A chain of trusted proxies is followed to the first address that is none of them.
            options.ForwardLimit = null;
            // The framework trusts the loopback address by default.
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in networks)
                options.KnownIPNetworks.Add(network);
        });
    }

    private static List<IPNetwork> Read(string? text)
    {
        var entries = (text ?? "").Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return [.. entries.Select(Parse)];
    }

    private static IPNetwork Parse(string entry)
    {
        if (IPAddress.TryParse(entry, out var address))
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return IPNetwork.TryParse(entry, out var network)
            ? network
            : throw new OptionsValidationException(
                Name, typeof(TrustedProxies), [$"{Name}: '{entry}' is neither an address nor a network."]);
    }
}
