namespace ECommerce.Caching.Tests.Support;

/// <summary>
/// Tests of the cache over a Redis of their own. Those that do not depend on which kind it is run over a Redis Cluster
/// too.
/// </summary>
public abstract class RedisTests
{
    internal virtual Task<RedisServer> StartRedisAsync() => RedisServer.StartAsync();
}
