namespace ECommerce.Caching;

/// <summary>How the cache of this node is doing.</summary>
public sealed class CacheHealth
{
    private readonly CacheEngine _engine;

    internal CacheHealth(CacheEngine engine) => _engine = engine;

    /// <summary>Whether an invalidation would reach the other nodes now, as far as is known without asking: Redis is connected, or not in use.</summary>
    public bool CanInvalidate => _engine.Redis is null or { IsTrusted: true };
}
