using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace ECommerce.ServiceDefaults.Redis;

/// <summary>The options of the client where neither connection string nor configuration sets them.</summary>
internal sealed class RedisDefaults : DefaultOptionsProvider
{
    // An absent Redis must neither stop the start nor delay the first request for long.
    public override bool AbortOnConnectFail => false;

    public override TimeSpan? ConnectTimeout => TimeSpan.FromSeconds(2);

    public override int ConnectRetry => 1;

    // INFO and CLUSTER NODES count as administration: the cache reads the topology and the eviction policy. It sends no
    // other such command.
    public override bool AllowAdmin => true;

    // RESP2 gives subscriptions a connection of their own, so that the loss of messages can be detected by it.
    public override RedisProtocol? Protocol => RedisProtocol.Resp2;
}
