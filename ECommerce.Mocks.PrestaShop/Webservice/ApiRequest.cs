using System.Text;
using ECommerce.Mocks.PrestaShop.Control;

namespace ECommerce.Mocks.PrestaShop.Webservice;

/// <summary>A request as the shop's dispatcher sees it.</summary>
internal sealed record ApiRequest(
    string? Key, string Method, string Resource, string? Id, IReadOnlyDictionary<string, string> Query, bool WantsJson,
    string Root, Fault? Fault = null)
{
    public static ApiRequest From(HttpContext context)
    {
        var request = context.Request;
        // PHP uses the last of several parameters of one name.
        var query = request.Query.ToDictionary(
            pair => pair.Key, pair => pair.Value.LastOrDefault() ?? "", StringComparer.Ordinal);
        var segments = (request.RouteValues["path"] as string ?? "").Split('/', 2);
        var format = Header(request, "Io-Format") ?? Header(request, "Output-Format")
            ?? query.GetValueOrDefault("output_format") ?? query.GetValueOrDefault("io_format");
        return new(
            BasicUser(request) ?? query.GetValueOrDefault("ws_key"),
            query.GetValueOrDefault("ps_method") ?? request.Method,
            segments[0],
            segments is [_, { Length: > 0 } id] ? id.TrimEnd('/') : null,
            query,
            // Exactly so: "json" is XML.
            WantsJson: format == "JSON",
            Root: $"{request.Scheme}://{request.Host}/api/",
            Fault: context.Items[typeof(Fault)] as Fault);
    }

    private static string? Header(HttpRequest request, string name) =>
        request.Headers[name] is [{ Length: > 0 } value, ..] ? value : null;

    private static string? BasicUser(HttpRequest request)
    {
        const string Scheme = "Basic ";
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return null;

        var encoded = header.AsSpan(Scheme.Length).Trim();
        Span<byte> decoded = stackalloc byte[encoded.Length <= 512 ? encoded.Length : 0];
        if (!Convert.TryFromBase64Chars(encoded, decoded, out var length))
            return null;
        var text = Encoding.UTF8.GetString(decoded[..length]);
        return text.Split(':')[0];
    }
}
