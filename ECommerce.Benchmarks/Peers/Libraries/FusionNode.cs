using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using ZiggyCreatures.Caching.Fusion;
using ZiggyCreatures.Caching.Fusion.Backplane.StackExchangeRedis;
using ZiggyCreatures.Caching.Fusion.Locking.Distributed.Redis;
using ZiggyCreatures.Caching.Fusion.Serialization.SystemTextJson;

namespace ECommerce.Benchmarks.Peers.Libraries;

/// <summary>A node of FusionCache with Redis as L2, its Redis backplane and its Redis lock between nodes.</summary>
internal sealed class FusionNode : ICacheNode
{
    private readonly IHost _host;

    private FusionNode(IHost host, FusionCacheEntryOptions options)
    {
        _host = host;
        Options = options;
        Cache = host.Services.GetRequiredService<IFusionCache>();
    }

    public IFusionCache Cache { get; }

    public FusionCacheEntryOptions Options { get; }

    public static async Task<ICacheNode> StartAsync(NodeSettings settings)
    {
        var options = OptionsOf(settings);
        var host = await PeerHost.StartAsync(settings, services => services.AddFusionCache()
            .WithOptions(cache =>
            {
                cache.WaitForInitialBackplaneSubscribe = true;
                Tune(cache.TagsDefaultEntryOptions, settings.Tuning);
            })
            .WithDefaultEntryOptions(options)
            .WithSerializer(new FusionCacheSystemTextJsonSerializer())
            .WithDistributedCache(static services => new RedisCache(new RedisCacheOptions
            {
                InstanceName = "fusion:",
                ConnectionMultiplexerFactory = () => ConnectionOf(services),
            }))
            .WithBackplane(static services => new RedisBackplane(new RedisBackplaneOptions
            {
                ConnectionMultiplexerFactory = () => ConnectionOf(services),
            }))
            .WithDistributedLocker(static services => new RedisDistributedLocker(new RedisDistributedLockerOptions
            {
                ConnectionMultiplexerFactory = () => ConnectionOf(services),
            })));
        return new FusionNode(host, options);
    }

    public ValueTask<T> ReadAsync<T>(
        string key, Func<CancellationToken, Task<T>> factory, string[]? tags = null, CancellationToken ct = default) =>
        Cache.GetOrSetAsync<T>(key, (_, ct) => factory(ct), default, Options, tags, ct);

    public async Task SetAsync<T>(string key, T value) => await Cache.SetAsync(key, value, Options);

    public async Task RemoveAsync(string key) => await Cache.RemoveAsync(key, Options);

    public async Task RemoveByTagAsync(string tag) => await Cache.RemoveByTagAsync(tag);

    public ValueTask DisposeAsync() => PeerHost.StopAsync(_host);

    private static Task<IConnectionMultiplexer> ConnectionOf(IServiceProvider services) =>
        Task.FromResult(services.GetRequiredService<IConnectionMultiplexer>());

    private static FusionCacheEntryOptions OptionsOf(NodeSettings settings)
    {
        var options = new FusionCacheEntryOptions(settings.Lifetime)
        {
            SkipMemoryCacheRead = settings.SkipsL1,
            SkipMemoryCacheWrite = settings.SkipsL1,
        };
        Tune(options, settings.Tuning);
        if (settings.RefreshAfter is { } refreshAfter)
            options.EagerRefreshThreshold = (float)(refreshAfter / settings.Lifetime);
        if (settings.SoftTimeout is { } softTimeout)
            options.SetFailSafe(true, TimeSpan.FromHours(1)).SetFactoryTimeouts(softTimeout);
        return options;
    }

    private static void Tune(FusionCacheEntryOptions options, Tuning tuning)
    {
        if (tuning == Tuning.Default)
            return;
        options.AllowBackgroundDistributedCacheOperations = tuning == Tuning.Fast;
        options.AllowBackgroundBackplaneOperations = tuning == Tuning.Fast;
    }
}
