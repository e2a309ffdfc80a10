using System.Text;

namespace ECommerce.Api;

/// <summary>
/// What warm answers are compared with, in the environment "Benchmark" only: endpoints that do nothing but write the bytes given by the setting
/// <c>BENCHMARK_BODY</c>, once for whoever may read, by the same policies as what is measured, and once for anybody.
/// </summary>
internal static class BenchmarkEndpoints
{
    public static void MapBenchmarks(this WebApplication app)
    {
        if (!app.Environment.IsEnvironment("Benchmark"))
            return;
        var body = Encoding.UTF8.GetBytes(app.Configuration["BENCHMARK_BODY"] ?? "");
        app.MapGet("/benchmark/authenticated", Write).RequireAuthorization(Permissions.SignedIn, Permissions.Read).ExcludeFromDescription();
        app.MapGet("/benchmark/anonymous", Write).AllowAnonymous().ExcludeFromDescription();

        async Task Write(HttpContext context)
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
