using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Caching.StackExchangeRedis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ECommerce.Benchmarks.Peers.Libraries;

/// <summary>
/// A node of Microsoft's HybridCache over its own Redis package. It has no backplane and no lock between nodes.
/// </summary>
internal sealed class MicrosoftNode : ICacheNode
{
    private readonly IHost _host;

    private MicrosoftNode(IHost host, HybridCacheEntryOptions options)
    {
        _host = host;
        Options = options;
        Cache = host.Services.GetRequiredService<HybridCache>();
    }

    public HybridCache Cache { get; }

    public HybridCacheEntryOptions Options { get; }

    public static async Task<ICacheNode> StartAsync(NodeSettings settings)
    {
        var options = new HybridCacheEntryOptions
        {
            Expiration = settings.Lifetime,
            LocalCacheExpiration = settings.Lifetime,
            Flags = settings.SkipsL1 ? HybridCacheEntryFlags.DisableLocalCache : HybridCacheEntryFlags.None,
        };
        var host = await PeerHost.StartAsync(settings, static services =>
        {
            services.AddStackExchangeRedisCache(static options => options.InstanceName = "hybrid:");
            services.AddOptions<RedisCacheOptions>().Configure<IConnectionMultiplexer>(static (options, redis) =>
                options.ConnectionMultiplexerFactory = () => Task.FromResult(redis));
            services.AddHybridCache();
        });
        return new MicrosoftNode(host, options);
    }

    public ValueTask<T> ReadAsync<T>(
        string key, Func<CancellationToken, Task<T>> factory, string[]? tags = null, CancellationToken ct = default) =>
        Cache.GetOrCreateAsync(key, factory, static async (factory, ct) => await factory(ct), Options, tags, ct);

    public async Task SetAsync<T>(string key, T value) => await Cache.SetAsync(key, value, Options);

    public async Task RemoveAsync(string key) => await Cache.RemoveAsync(key);

    public async Task RemoveByTagAsync(string tag) => await Cache.RemoveByTagAsync(tag);

    public ValueTask DisposeAsync() => PeerHost.StopAsync(_host);
}
