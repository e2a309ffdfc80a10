using System.Text.Json;
using System.Text.Json.Serialization;

namespace ECommerce.Caching.Tests.Serialization;

/// <summary>What callers may do to the values they get.</summary>
public class DefensiveCopyTests
{
    private sealed class Basket
    {
        public List<string> Items { get; set; } = [];
    }

    private sealed record Shown(string Name);

    private sealed record Unwritable(string Name)
    {
        public string Secret => throw new NotSupportedException("It cannot be written.");
    }

    [JsonConverter(typeof(WriteOnly))]
    private sealed class Unreadable
    {
        public int Number { get; set; }
    }

    private sealed class WriteOnly : JsonConverter<Unreadable>
    {
        public override Unreadable Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("It cannot be read.");

        public override void Write(Utf8JsonWriter writer, Unreadable value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.Number);
    }

    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_immutable_value_is_shared()
    {
        await using var node = await CacheNode.StartAsync(null);
        var made = new Shown("lamp");

        Assert.Same(made, await ReadAsync(node, () => made));
        Assert.Same(made, await ReadAsync(node, () => new Shown("factory must not run")));
        Assert.Empty(node.Log.Lines("cache_copies"));
    }

    [Fact]
    public async Task Each_caller_gets_its_own_copy_of_a_mutable_value()
    {
        await using var node = await CacheNode.StartAsync(null);
        var made = new Basket { Items = ["lamp"] };

        for (var i = 0; i < 3; i++)
        {
            var mine = await ReadAsync(node, () => made);
            Assert.Equal(["lamp"], mine.Items);
            mine.Items.Add("mine");
        }

        made.Items.Clear();
        Assert.Equal(["lamp"], (await ReadAsync(node, () => made)).Items);
        await node.Cache.GetOrCreateAsync(
            CacheNode.Product.Key("acme", 2), static _ => new ValueTask<Basket>(new Basket()),
            CacheNode.Product.Options, cancellationToken: Ct);
        Assert.Contains("Basket.Items (can be set)", Assert.Single(node.Log.Lines("cache_copies")).Text);
    }

    [Fact]
    public async Task Callers_that_waited_for_one_run_get_their_own_copies_too()
    {
        await using var node = await CacheNode.StartAsync(null);
        foreach (var keep in (bool[])[true, false])
        {
            var gate = new TaskCompletionSource();
            Task<Basket> Read() => node.Cache.GetOrCreateAsync(
                CacheNode.Product.Key("acme", keep), (gate, keep), static async (s, context, _) =>
            {
                if (!s.keep)
                    context.DoNotStore();
                await s.gate.Task;
                return new Basket { Items = ["lamp"] };
            }, CacheNode.Product, Ct).AsTask();
            var waiting = Enumerable.Range(0, 3).Select(_ => Read()).ToArray();
            gate.SetResult();

            foreach (var basket in await Task.WhenAll(waiting))
            {
                Assert.Equal(["lamp"], basket.Items);
                basket.Items.Add("mine");
            }
        }
        Assert.True(node.Count("cache_single_flight_joined_total") > 0);
    }

    [Fact]
    public async Task A_value_from_redis_is_copied_like_any_other()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        await ReadAsync(one, () => new Basket { Items = ["lamp"] });

        for (var i = 0; i < 2; i++)
        {
            var mine = await ReadAsync(two, () => new Basket());
            Assert.Equal(["lamp"], mine.Items);
            mine.Items.Clear();
        }
        Assert.Equal(1, two.Count("cache_hit_total", "cache_layer=redis"));
        Assert.Equal(1, two.Count("cache_hit_total", "cache_layer=memory"));
    }

    [Fact]
    public async Task Bytes_are_copied_in_and_out()
    {
        await using var node = await CacheNode.StartAsync(null);
        byte[] made = [1, 2, 3];
        await node.Cache.SetAsync(Key, made, CacheNode.Product.Options, cancellationToken: Ct);
        made[0] = 9;

        var mine = await ReadAsync(node, () => made);
        mine[1] = 9;

        Assert.Equal([1, 2, 3], await ReadAsync(node, () => made));
    }

    [Fact]
    public async Task A_value_whose_serialisation_throws_stays_in_memory_or_if_it_is_mutable_is_not_stored()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis);
        using var client = redis.Connect();
        var (unwritable, unreadable) = (new Unwritable("x"), new Unreadable());
        var other = CacheNode.Product.Key("acme", 2);

        for (var i = 0; i < 2; i++)
        {
            Assert.Same(unwritable, await ReadAsync(node, () => unwritable));
            Assert.Same(unreadable, await node.Cache.GetOrCreateAsync(
                other, _ => new ValueTask<Unreadable>(unreadable), CacheNode.Product.Options, cancellationToken: Ct));
        }

        Assert.Equal(1, node.Memory.Count);
        Assert.False(await client.GetDatabase().KeyExistsAsync([Key, other]) > 0);
        Assert.Equal(2, node.Log.Lines("cache_not_serialisable").Length);
    }

    private static ValueTask<T> ReadAsync<T>(CacheNode node, Func<T> source) =>
        node.StoredAsync(node.Cache.GetOrCreateAsync(
            Key, source, static (s, _) => new ValueTask<T>(s()), CacheNode.Product.Options, cancellationToken: Ct));
}
