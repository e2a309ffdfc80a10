using ECommerce.Api.Tests.Soak;

namespace ECommerce.Api.Tests;

/// <summary>Runs when nearly all others have run: what they made the nodes ask of Redis can be seen.</summary>
[Collection(nameof(Alone))]
public sealed class RedisCommandsTests(ApiFixture fixture)
{
    [Fact]
    public Task No_test_made_a_node_look_at_all_keys_or_drop_them() =>
        RedisCommands.AssertHarmlessAsync(fixture.Redis.Port);

    [Theory]
    [InlineData("KEYS *")]
    [InlineData("FLUSHDB")]
    [InlineData("EVAL \"redis.call('FLUSHALL')\" 0")]
    public async Task A_redis_that_was_asked_to_fails_the_test_that_ends_it(string command)
    {
        var redis = await LocalRedis.StartNewAsync();
        await RedisWire.AskAsync(redis.Port, command);

        var failure = await Record.ExceptionAsync(redis.StopAsync);
        await redis.DisposeAsync();

        Assert.IsAssignableFrom<Xunit.Sdk.IAssertionException>(failure);
    }
}
