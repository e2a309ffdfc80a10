using System.Text.Json;
using ECommerce.Caching;
using ECommerce.Caching.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.OutputCaching.StackExchangeRedis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ECommerce.Benchmarks.Peers.Output;

/// <summary>A response of the site.</summary>
internal sealed record Page(string Text);

/// <summary>
/// A small web site whose pages are cached by one store. The pipeline around the store is the same for all:
/// routing, the output cache, the endpoint. Anonymous, as the in-box default policy asks for.
/// </summary>
internal static class OutputSite
{
    public const string BarePath = "/bare";

    private static readonly CachePolicy Policy =
        new("page:{tenant}:{id}", fresh: TimeSpan.FromHours(1), stale: TimeSpan.Zero) { Sensitive = false };

    public static string PathOf(int page) => $"/pages/{page}";

    /// <summary>The tag of a page: in our store the key of its data.</summary>
    public static string TagOf(string page) => Policy.Key("acme", page);

    /// <param name="store">What keeps the responses.</param>
    /// <param name="redis">The address of Redis.</param>
    /// <param name="url">Where the site listens.</param>
    /// <param name="read">Reads the text of a page from its source.</param>
    /// <param name="build">Runs between that and the response.</param>
    public static async Task<WebApplication> StartAsync(
        OutputStore store, string redis, string url, Func<string> read, Func<HttpContext, Task> build)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseKestrelCore().UseUrls(url);
        builder.Services.AddRouting().AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", redis)]);
        builder.AddRedis("redis");
        AddStore(builder, store);
        var site = builder.Build();
        site.UseRouting();
        if (store == OutputStore.Ours)
            site.UseHttpCaching();
        else
            site.UseOutputCache();
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new Page(read()), JsonSerializerOptions.Web);
        site.MapGet(BarePath, context => WriteAsync(context.Response, bytes));
        var pages = site.MapGet("/pages/{id}", async (string id, HttpContext context) =>
        {
            var text = store == OutputStore.Ours ? await ReadCachedAsync(context, id, read) : read();
            await build(context);
            return TypedResults.Ok(new Page(text));
        });
        if (store == OutputStore.Ours)
            pages.CacheOutput(UnderOurPolicy).AddEndpointFilter<EntityTagFilter>();
        else
            pages.CacheOutput(policy => policy.Expire(Policy.Fresh).AddPolicy<TagByPage>());
        await site.StartAsync();
        return site;
    }

    // The same bytes as a page, and nothing else.
    private static Task WriteAsync(HttpResponse response, byte[] bytes)
    {
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = bytes.Length;
        return response.Body.WriteAsync(bytes, response.HttpContext.RequestAborted).AsTask();
    }

    private static void AddStore(WebApplicationBuilder builder, OutputStore store)
    {
        if (store == OutputStore.Ours)
        {
            builder.Services.AddMultiLevelCache(builder.Configuration, Policy);
            return;
        }
        builder.Services.AddOutputCache();
        if (store != OutputStore.Redis)
            return;
        builder.Services.AddStackExchangeRedisOutputCache(static _ => { });
        builder.Services.AddOptions<RedisOutputCacheOptions>().Configure<IConnectionMultiplexer>(
            static (options, redis) => options.ConnectionMultiplexerFactory = () => Task.FromResult(redis));
    }

    private static void UnderOurPolicy(OutputCachePolicyBuilder policy) =>
        policy.Under(Policy, context => TagOf(IdOf(context)));

    // Our store keeps no response that was built from nothing cached.
    private static ValueTask<string> ReadCachedAsync(HttpContext context, string id, Func<string> read) =>
        context.RequestServices.GetRequiredService<MultiLevelCache>().GetOrCreateAsync(
            TagOf(id),
            read,
            static (read, _) => new ValueTask<string>(read()),
            Policy.Options,
            cancellationToken: context.RequestAborted);

    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    private sealed class TagByPage : IOutputCachePolicy
    {
        public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
        {
            context.Tags.Add(TagOf(IdOf(context.HttpContext)));
            return default;
        }

        public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => default;

        public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) => default;
    }
}
