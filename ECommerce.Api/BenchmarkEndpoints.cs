using System.Text;

namespace ECommerce.Api;

/// <summary>
/// The baseline of warm responses, in the environment "Benchmark" only: endpoints that only write the bytes of the
/// setting <c>BENCHMARK_BODY</c>, once with the authorization policies of the measured endpoints and once anonymously,
/// and with these policies those of <c>BENCHMARK_COMPRESSED</c> (Base64), which are compressed already.
/// </summary>
/// <remarks>
/// They send the headers that their bytes need and no others. <c>ETag</c>, <c>Cache-Control</c>, <c>Vary</c> and
/// <c>Cache-Status</c> are what the cache adds to a response, so writing and reading them counts as its cost.
/// </remarks>
internal static class BenchmarkEndpoints
{
    public static void MapBenchmarks(this WebApplication app)
    {
        if (!app.Environment.IsEnvironment("Benchmark"))
            return;
        var body = Encoding.UTF8.GetBytes(app.Configuration["BENCHMARK_BODY"] ?? "");
        var compressed = Convert.FromBase64String(app.Configuration["BENCHMARK_COMPRESSED"] ?? "");
        app.MapGet("/benchmark/authenticated", context => WriteAsync(context, body))
            .RequireAuthorization(Permissions.SignedIn, Permissions.Read)
            .ExcludeFromDescription();
        app.MapGet("/benchmark/compressed", context =>
            {
                context.Response.Headers.ContentEncoding = "br";
                return WriteAsync(context, compressed);
            })
            .RequireAuthorization(Permissions.SignedIn, Permissions.Read)
            .ExcludeFromDescription();
        app.MapGet("/benchmark/anonymous", context => WriteAsync(context, body)).AllowAnonymous()
            .ExcludeFromDescription();

        static async Task WriteAsync(HttpContext context, byte[] body)
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
