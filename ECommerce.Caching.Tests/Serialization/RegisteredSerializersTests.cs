using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Serialization;

/// <summary>Serializers and options that the application registers, as for Microsoft's HybridCache.</summary>
public class RegisteredSerializersTests
{
    private sealed class Basket
    {
        public string Name { get; private set; } = "";

        public static Basket Of(string name) => new() { Name = name };
    }

    private sealed class Serializer : IHybridCacheSerializer<Basket>
    {
        public int Written, Read;

        public Basket Deserialize(ReadOnlySequence<byte> source)
        {
            Interlocked.Increment(ref Read);
            return Basket.Of(Encoding.UTF8.GetString(source));
        }

        public void Serialize(Basket value, IBufferWriter<byte> target)
        {
            Interlocked.Increment(ref Written);
            Encoding.UTF8.GetBytes(value.Name, target);
        }
    }

    private sealed class Factory(Serializer serializer) : IHybridCacheSerializerFactory
    {
        public bool TryCreateSerializer<T>([NotNullWhen(true)] out IHybridCacheSerializer<T>? created)
        {
            created = serializer as IHybridCacheSerializer<T>;
            return created is not null;
        }
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_registered_serializer_writes_to_redis_and_makes_the_copies(bool byFactory)
    {
        await using var redis = await RedisServer.StartAsync();
        var serializer = new Serializer();
        void Add(IServiceCollection services) => _ = byFactory
            ? services.AddSingleton<IHybridCacheSerializerFactory>(new Factory(serializer))
            : services.AddSingleton<IHybridCacheSerializer<Basket>>(serializer);
        await using var a = await CacheNode.StartWithAsync(redis.Connect, Add);
        await using var b = await CacheNode.StartWithAsync(redis.Connect, Add);

        var first = await ReadAsync(a, () => Basket.Of("lamp"));
        var second = await ReadAsync(a, () => Basket.Of("lamp"));
        var other = await ReadAsync<Basket>(b, () => throw new InvalidOperationException("Redis has it."));

        Assert.NotSame(first, second);
        Assert.Equal(("lamp", "lamp", "lamp"), (first.Name, second.Name, other.Name));
        Assert.Equal(1, serializer.Written);
        Assert.True(serializer.Read >= 3);
        Assert.Equal(1, b.Count("cache_hit_total", "cache_layer=redis"));
    }

    [Fact]
    public async Task Json_options_registered_for_all_types_are_used_and_those_of_one_type_come_first()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var node = await CacheNode.StartWithAsync(redis.Connect, services => services
            .AddKeyedSingleton<JsonSerializerOptions>(
                typeof(IHybridCacheSerializer<>),
                new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseUpper })
            .AddKeyedSingleton<JsonSerializerOptions>(
                typeof(IHybridCacheSerializer<Two>),
                new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower }));
        using var client = redis.Connect();

        await ReadAsync(node, () => new One("x"), "1");
        await ReadAsync(node, () => new Two("x"), "2");

        Assert.Contains("FULL_NAME", await StoredAsync("1"));
        Assert.Contains("full-name", await StoredAsync("2"));

        async Task<string> StoredAsync(string id) =>
            Encoding.UTF8.GetString((byte[])(await client.GetDatabase().StringGetAsync(Key(id)))!);
    }

    private sealed record One(string FullName);

    private sealed record Two(string FullName);

    private static string Key(string id) => CacheNode.Product.Key("acme", id);

    private static ValueTask<T> ReadAsync<T>(CacheNode node, Func<T> source, string id = "1") =>
        node.StoredAsync(node.Cache.GetOrCreateAsync(
            Key(id), source, static (s, _) => new ValueTask<T>(s()), cancellationToken: Ct));
}
