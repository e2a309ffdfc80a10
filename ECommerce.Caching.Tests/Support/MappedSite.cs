using ECommerce.Caching.Coherence;
using ECommerce.Caching.Http;
using ECommerce.Caching.Memory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Support;

/// <summary>A web site whose endpoints, middleware and server options a test brings.</summary>
internal sealed class MappedSite : IAsyncDisposable
{
    internal sealed record Item(int Id, string Name);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly WebApplication _app;

    private MappedSite(WebApplication app) => _app = app;

    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseCookies = false });
    public IServiceProvider Services => _app.Services;
    public ICacheInvalidator Invalidator => Services.GetRequiredService<ICacheInvalidator>();

    /// <param name="redis">Null: in memory only.</param>
    /// <param name="map">Maps endpoints, in a group whose responses are tagged.</param>
    /// <param name="outer">Middleware before the cache.</param>
    /// <param name="inner">Middleware between the cache and the endpoints.</param>
    /// <param name="add">Services and options of the server.</param>
    /// <param name="replace">Services instead of those of the cache.</param>
    public static async Task<MappedSite> StartAsync(
        RedisServer? redis, Action<RouteGroupBuilder, MappedSite> map, Action<WebApplication>? outer = null,
        Action<WebApplication>? inner = null, Action<WebApplicationBuilder>? add = null,
        Action<IServiceCollection>? replace = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting().AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        if (redis is null)
            builder.Configuration["CACHE_BACKEND"] = "memory";
        else
            builder.Services.AddSingleton<IConnectionMultiplexer>(_ => redis.Connect());
        add?.Invoke(builder);
        builder.Services.AddMultiLevelCache(builder.Configuration, CacheNode.Product);
        replace?.Invoke(builder.Services);
        var app = builder.Build();
        var site = new MappedSite(app);
        app.UseHeadFromGet();
        outer?.Invoke(app);
        app.UseRouting();
        app.UseHttpCaching();
        inner?.Invoke(app);
        map(app.MapGroup("").AddEndpointFilter<EntityTagFilter>(), site);
        await app.StartAsync(Ct);
        if (redis is not null)
            await site.Services.GetRequiredService<Backplane>().Listening.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        site.Client.BaseAddress = new Uri(app.Urls.First());
        return site;
    }

    /// <summary>An output policy under the product that the route names.</summary>
    public static OutputCachePolicyBuilder Under(OutputCachePolicyBuilder policy) =>
        policy.Under(CacheNode.Product, context => Key(context.Request.RouteValues["id"]!));

    public static string Key(object id) => CacheNode.Product.Key("acme", id);

    public async Task<Item> ReadAsync(object id, string name = "lamp") =>
        await Services.GetRequiredService<MultiLevelCache>().GetOrCreateAsync(
            Key(id), name, static (name, _) => new ValueTask<Item>(new Item(1, name)), CacheNode.Product.Options,
            cancellationToken: Ct);

    public async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request, Ct);
    }

    /// <summary>
    /// Waits until the response that shows a product is stored, a moment after the client has it; in Redis too.
    /// </summary>
    public async Task StoredAsync(object id)
    {
        var key = "out:" + Key(id);
        await Eventually.TrueAsync(
            () => Services.GetRequiredService<MemoryLayer>().Peek(key) is not null, $"{key} is in memory");
        if (Services.GetService<IConnectionMultiplexer>() is { } redis)
        {
            await Eventually.TrueAsync(
                async () => await redis.GetDatabase().KeyExistsAsync(key), $"{key} is in Redis");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}

internal static class HeaderOf
{
    /// <summary>A header of the response or its content; null if it is missing.</summary>
    public static string? Header(this HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values) : null;
}
