using ECommerce.Caching;

namespace ECommerce.Benchmarks.Peers.Libraries;

/// <summary>A node of ECommerce.Caching, with defaults but for the lifetime.</summary>
internal sealed class OurNode : ICacheNode
{
    private readonly Node _node;
    private readonly CachePolicy _policy;

    private OurNode(Node node, CachePolicy policy) => (_node, _policy) = (node, policy);

    public MultiLevelCache Cache => _node.Cache;

    public Node Node => _node;

    public CachePolicy Policy => _policy;

    public static async Task<ICacheNode> StartAsync(NodeSettings settings)
    {
        var fresh = settings.RefreshAfter ?? settings.Lifetime;
        // No jitter: the probes time lifetimes.
        var policy = new CachePolicy("probe:{tenant}:{id}", fresh, settings.Lifetime - fresh)
        {
            Sensitive = false,
            Jitter = 0,
        };
        var node = await Node.StartAsync(
            settings.Redis, [policy], settings.Time,
            ("CACHE_BACKEND", settings.SkipsL1 ? "redis" : "hybrid"), ("CACHE_MAX_MEM_ITEMS", "10000"));
        return new OurNode(node, policy);
    }

    public ValueTask<T> ReadAsync<T>(
        string key, Func<CancellationToken, Task<T>> factory, string[]? tags = null, CancellationToken ct = default) =>
        Cache.GetOrCreateAsync(
            key, factory, static async (factory, ct) => await factory(ct), _policy.Options, tags, ct);

    public async Task SetAsync<T>(string key, T value) => await Cache.SetAsync(key, value, _policy.Options);

    public async Task RemoveAsync(string key) => await Cache.RemoveAsync(key);

    public async Task RemoveByTagAsync(string tag) => await Cache.RemoveByTagAsync(tag);

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
