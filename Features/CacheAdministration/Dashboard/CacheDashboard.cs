using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace ECommerce.Features.CacheAdministration.Dashboard;

/// <summary>
/// The page <c>/cache-dashboard</c>: a static shell that anyone may load. It logs in as every client of the API does,
/// keeps the token in its memory, and loads nothing from elsewhere.
/// </summary>
internal static class CacheDashboard
{
    private const string Path = "/cache-dashboard";
    private const string Page = "index.html";

    // No inline script and no inline style: what is injected does not run.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly (string Name, string Type)[] Files =
    [
        (Page, "text/html; charset=utf-8"),
        ("dashboard.css", "text/css; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
        ("session.js", "text/javascript; charset=utf-8"),
        ("series.js", "text/javascript; charset=utf-8"),
        ("charts.js", "text/javascript; charset=utf-8"),
        ("view.js", "text/javascript; charset=utf-8"),
        ("dashboard.js", "text/javascript; charset=utf-8"),
    ];

    public static void MapCacheDashboard(this IEndpointRouteBuilder app)
    {
        foreach (var (name, type) in Files)
        {
            var bytes = Read(name);
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..16])}\"");
            app.MapGet(name == Page ? Path : $"{Path}/{name}", (HttpContext http) =>
                {
                    http.Response.Headers.CacheControl = "no-cache";
                    http.Response.Headers["Referrer-Policy"] = "no-referrer";
                    http.Response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
                    http.Response.Headers.ContentSecurityPolicy = Policy;
                    return TypedResults.Bytes(bytes, type, entityTag: tag);
                })
                .AllowAnonymous().ExcludeFromDescription();
        }
    }

    private static byte[] Read(string name)
    {
        var type = typeof(CacheDashboard);
        using var stream = type.Assembly.GetManifestResourceStream(type, name)
            ?? throw new InvalidOperationException($"The file '{name}' of the dashboard is not in the assembly.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
