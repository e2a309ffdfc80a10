using ECommerce.Caching.Redis;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ECommerce.Api.Tests.ServiceDefaults;

/// <summary>What the connection to a Redis Cluster must be allowed to ask.</summary>
[Collection(nameof(RedisCluster))]
public class RedisClusterConnectionTests(RedisCluster cluster)
{
    [Fact]
    public async Task The_connection_of_the_api_may_list_the_masters()
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync(
            cluster.Endpoints, static options => options.Defaults = new RedisDefaults());

        Assert.Equal(3, (await new RedisTopology(client).IdentityAsync()).Split(' ').Length);
    }

    [Fact]
    public async Task A_connection_without_admin_commands_fails_naming_allowAdmin()
    {
        await using var client = await ConnectionMultiplexer.ConnectAsync($"{cluster.Endpoints},allowAdmin=false");

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => new RedisTopology(client).IdentityAsync());

        Assert.Contains("allowAdmin=true", refused.Message, StringComparison.Ordinal);
    }
}
