using System.Text;

namespace ECommerce.Api;

/// <summary>
/// The baseline of warm responses, in the environment "Benchmark" only: endpoints that only write the bytes of the
/// setting <c>BENCHMARK_BODY</c>, once with the authorization policies of the measured endpoints and once anonymously.
/// </summary>
internal static class BenchmarkEndpoints
{
    public static void MapBenchmarks(this WebApplication app)
    {
        if (!app.Environment.IsEnvironment("Benchmark"))
            return;
        var body = Encoding.UTF8.GetBytes(app.Configuration["BENCHMARK_BODY"] ?? "");
        app.MapGet("/benchmark/authenticated", Write)
            .RequireAuthorization(Permissions.SignedIn, Permissions.Read)
            .ExcludeFromDescription();
        app.MapGet("/benchmark/anonymous", Write).AllowAnonymous().ExcludeFromDescription();

        async Task Write(HttpContext context)
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
