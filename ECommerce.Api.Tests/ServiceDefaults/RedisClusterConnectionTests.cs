using ECommerce.Caching.Redis;
using ECommerce.ServiceDefaults.Redis;
using StackExchange.Redis;

namespace ECommerce.Api.Tests.ServiceDefaults;

/// <summary>What the connection to a Redis Cluster must be allowed to ask.</summary>
[Collection(nameof(RedisCluster))]
public class RedisClusterConnectionTests(RedisCluster cluster)
{
    [Fact]
    public async Task The_connection_that_the_api_makes_may_ask_who_the_masters_are()
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync(
            cluster.Endpoints, static options => options.Defaults = new RedisDefaults());

        Assert.Equal(3, (await new RedisTopology(client).IdentityAsync()).Split(' ').Length);
    }

    [Fact]
    public async Task One_that_may_not_is_told_what_it_lacks()
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync($"{cluster.Endpoints},allowAdmin=false");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => new RedisTopology(client).IdentityAsync());

        Assert.Contains("allowAdmin=true", refused.Message, StringComparison.Ordinal);
    }
}
