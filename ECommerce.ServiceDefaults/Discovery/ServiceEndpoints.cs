using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace ECommerce.ServiceDefaults.Discovery;

/// <summary>Finds where a service listens: <c>services:{name}:{scheme}:{i}</c> of the configuration, one address after the other.</summary>
internal sealed class ServiceEndpoints(IConfiguration configuration)
{
    private readonly ConcurrentDictionary<string, Turn> _turns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The address to send to; the given one if its host is no service we know.</summary>
    public Uri Resolve(Uri uri)
    {
        // https+http prefers the first scheme that has an address.
        foreach (var scheme in uri.Scheme.Split('+'))
        {
            if (Next(uri.Host, scheme) is { } address) return Combine(address, scheme, uri);
        }

        if (Next(uri.Host, "default") is { } @default) return Combine(@default, LastScheme(uri), uri);
        return uri.Scheme.Contains('+') ? Combine(uri.Authority, LastScheme(uri), uri) : uri;
    }

    private static string LastScheme(Uri uri) => uri.Scheme[(uri.Scheme.LastIndexOf('+') + 1)..];

    private string? Next(string service, string scheme)
    {
        var prefix = $"services:{service}:{scheme}:";
        if (configuration[prefix + "0"] is not { } first) return null;

        var count = 1;
        while (configuration[prefix + count.ToString(CultureInfo.InvariantCulture)] is not null) count++;
        if (count == 1) return first;

        var turn = _turns.GetOrAdd(prefix, static _ => new Turn()).Take();
        return configuration[prefix + (turn % (uint)count).ToString(CultureInfo.InvariantCulture)];
    }

    private static Uri Combine(string address, string scheme, Uri uri)
    {
        var target = new Uri(address.Contains("://", StringComparison.Ordinal) ? address : $"{scheme}://{address}");
        return new Uri(target.GetLeftPart(UriPartial.Authority) + target.AbsolutePath.TrimEnd('/') + uri.PathAndQuery);
    }

    private sealed class Turn
    {
        private int _last = -1;

        public uint Take() => (uint)Interlocked.Increment(ref _last);
    }
}
