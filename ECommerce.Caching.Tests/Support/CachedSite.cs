using ECommerce.Caching.Coherence;
using ECommerce.Caching.Http;
using ECommerce.Caching.Memory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Support;

/// <summary>
/// A web site with endpoints whose responses are stored; tests hold its factory and its responses where they want them.
/// </summary>
internal sealed class CachedSite : IAsyncDisposable
{
    internal sealed record Shown(int Id, string Name, long RowVersion) : IVersioned;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly WebApplication _app;
    private int _runs;
    private int _waiting;
    private int _read;

    private CachedSite(WebApplication app) => _app = app;

    public HttpClient Client { get; } = new();
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>What a response that has its data waits for before it goes on.</summary>
    public TaskCompletionSource? Building { get; set; }

    public TaskCompletionSource ClientGone { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    public long Version { get; set; } = 1;

    /// <summary>How often the factory ran.</summary>
    public int Runs => Volatile.Read(ref _runs);

    /// <summary>How often the endpoint was entered.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How often a response had its data.</summary>
    public int Read => Volatile.Read(ref _read);

    public IOutputCacheStore Store => _app.Services.GetRequiredService<IOutputCacheStore>();
    public ICacheFlags Flags => _app.Services.GetRequiredService<ICacheFlags>();
    public MultiLevelCache Cache => _app.Services.GetRequiredService<MultiLevelCache>();
    public CacheClock Clock => _app.Services.GetRequiredService<CacheClock>();

    public static async Task<CachedSite> StartAsync(RedisServer? redis, string? encryptionKey = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting().AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        if (redis is null)
            builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("CACHE_BACKEND", (string?)"memory")]);
        else
            builder.Services.AddSingleton<IConnectionMultiplexer>(_ => redis.Connect());
        builder.Configuration["CACHE_ENCRYPTION_KEY"] = encryptionKey;
        builder.Services.AddMultiLevelCache(
            builder.Configuration, CacheNode.Product, CacheNode.ProductList, CacheNode.Order, CacheNode.Page);
        var app = builder.Build();
        var site = new CachedSite(app);
        app.UseHeadFromGet();
        app.UseRouting();
        app.UseHttpCaching();
        var tagged = app.MapGroup("").AddEndpointFilter<EntityTagFilter>();
        tagged.MapGet("/products/{id:int}", site.ShowAsync)
            .CacheOutput(policy => policy.Under(CacheNode.Product, KeyOf));
        tagged.MapGet("/uncached", site.ShowUncached)
            .CacheOutput(policy => policy.Under(CacheNode.Product, _ => CacheNode.Product.Key("acme", "u")));
        tagged.MapGet("/cookie", async (HttpContext context) =>
        {
            context.Response.Cookies.Append("a", "b");
            return await site.ShowAsync(3, Ct);
        }).CacheOutput(policy => policy.Under(CacheNode.Product, _ => CacheNode.Product.Key("acme", 3)));
        tagged.MapGet("/missing", async () =>
        {
            await site.ShowAsync(4, Ct);
            return TypedResults.NotFound();
        }).CacheOutput(policy => policy.Under(CacheNode.Product, _ => CacheNode.Product.Key("acme", 4)));
        tagged.MapGet("/buyers", () => site.ReadAsync(CacheNode.Order, 5, "Rossi"))
            .CacheOutput(policy => policy.Under(CacheNode.Product, _ => CacheNode.Product.Key("acme", "buyers")));
        tagged.MapGet("/refused", () => site.ReadAsync(CacheNode.Page, 6, "<html>"))
            .CacheOutput(policy => policy.Under(CacheNode.Page, _ => CacheNode.Page.Key("acme", 6)));
        tagged.MapGet("/slow", async () =>
        {
            var shown = await site.ShowAsync(7, Ct);
            await site.BuildAsync();
            return shown;
        }).CacheOutput(policy => policy.Under(CacheNode.Product, _ => CacheNode.Product.Key("acme", 7)));
        tagged.MapGet("/both", async () =>
        {
            await site.ReadAsync(CacheNode.Product, 8, "Lampada");
            return await site.Cache.GetOrCreateAsync(
                CacheNode.Page.Key("acme", 8), static _ => new ValueTask<Shown>(new Shown(8, "Pagina", 1)),
                    CacheNode.Page.Options, cancellationToken: Ct) is { } shown
                ? TypedResults.Ok(shown)
                : throw new InvalidOperationException();
        }).CacheOutput(policy => policy.Under(CacheNode.Product, _ => CacheNode.Product.Key("acme", 8)));
        tagged.MapGet("/list", () => site.ReadAsync(CacheNode.ProductList, 9, "Lista"))
            .CacheOutput(policy => policy.Under(CacheNode.ProductList, _ => CacheNode.ProductList.Key("acme", 9)));
        app.MapGet("/halves", async (HttpContext context) =>
        {
            await site.ReadAsync(CacheNode.Product, 10, "Lampada");
            context.RequestAborted.Register(() => site.ClientGone.TrySetResult());
            await context.Response.WriteAsync("first half, ", Ct);
            await context.Response.Body.FlushAsync(Ct);
            await site.BuildAsync();
            if (!context.RequestAborted.IsCancellationRequested)
                await context.Response.WriteAsync("second half", Ct);
        }).CacheOutput(policy => policy.Under(CacheNode.Product, _ => CacheNode.Product.Key("acme", 10)));
        await app.StartAsync(Ct);
        if (redis is not null)
            await app.Services.GetRequiredService<Backplane>().Listening.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        site.Client.BaseAddress = new Uri(app.Urls.First());
        return site;

        static string KeyOf(HttpContext context) => CacheNode.Product.Key("acme", context.Request.RouteValues["id"]!);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private async Task<Ok<Shown>> ShowAsync(int id, CancellationToken ct)
    {
        Interlocked.Increment(ref _waiting);
        return TypedResults.Ok(
            await Cache.GetOrCreateAsync(CacheNode.Product.Key("acme", id), (this, id), static async (s, _) =>
        {
            var (site, id) = s;
            var version = site.Version;
            Interlocked.Increment(ref site._runs);
            if (site.Gate is { } gate)
                await gate.Task;
            return new Shown(id, "Lampada", version);
        }, CacheNode.Product.Options, cancellationToken: ct));
    }

    private async Task<Ok<Shown>> ReadAsync(CachePolicy from, int id, string name)
    {
        Interlocked.Increment(ref _waiting);
        return TypedResults.Ok(await Cache.GetOrCreateAsync(
            from.Key("acme", id), (id, name), static (s, _) =>
                new ValueTask<Shown>(new Shown(s.id, s.name, 1)), from.Options, cancellationToken: Ct));
    }

    private Task BuildAsync()
    {
        Interlocked.Increment(ref _read);
        return Building?.Task ?? Task.CompletedTask;
    }

    private Ok<Shown> ShowUncached()
    {
        Interlocked.Increment(ref _waiting);
        return TypedResults.Ok(new Shown(1, "never cached", 1));
    }
}
