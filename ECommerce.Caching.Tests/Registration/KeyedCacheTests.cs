using ECommerce.Caching.Inspection;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Registration;

/// <summary>Several caches in one application share the connection to Redis and nothing else.</summary>
public sealed class KeyedCacheTests : IAsyncLifetime
{
    private static readonly string Key = CacheNode.Product.Key("acme", 1);

    private readonly List<IHost> _hosts = [];
    private RedisServer _redis = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _redis = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync(CancellationToken.None);
            host.Dispose();
        }
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Same_key_has_a_value_of_its_own_in_each_cache_in_both_layers()
    {
        var (a, b) = (await StartAsync(), await StartAsync());
        foreach (var name in (string?[])[null, "one", "two"])
            Assert.Equal($"of {name}", await ReadAsync(a, name, $"of {name}"));

        using var client = _redis.Connect();
        await Eventually.TrueAsync(
            async () => await client.GetDatabase().KeyExistsAsync("keyed.two:" + Key), "the last one is stored");
        foreach (var name in (string?[])[null, "one", "two"])
            Assert.Equal($"of {name}", await ReadAsync(b, name, "factory must not run"));
    }

    [Fact]
    public async Task Invalidation_reaches_the_cache_of_the_same_service_key_on_the_other_node_and_no_other_cache()
    {
        var (a, b) = (await StartAsync(), await StartAsync());
        foreach (var name in (string?[])[null, "one", "two"])
        {
            await ReadAsync(a, name, "old");
            await ReadAsync(b, name, "old");
        }

        var outcome = await Invalidator(a, "one").InvalidateAsync([CacheTags.Everything], Ct);

        Assert.Equal(InvalidationOutcome.Applied, outcome);
        Assert.Equal("new", await ReadAsync(b, "one", "new"));
        Assert.Equal("old", await ReadAsync(b, "two", "factory must not run"));
        Assert.Equal("old", await ReadAsync(b, null, "factory must not run"));
    }

    [Fact]
    public async Task Factory_has_services_of_the_application()
    {
        var host = await StartAsync();

        var found = await Cache(host, "one").GetOrCreateAsync(
            Key, 0, static (_, context, _) =>
                new ValueTask<string>(context.Services.GetRequiredService<Source>().Text), CacheNode.Product, Ct);

        Assert.Equal("of the application", found);
    }

    [Fact]
    public async Task Cache_is_found_as_HybridCache_and_has_options_of_its_own()
    {
        var host = await StartAsync();
        var two = host.Services.GetRequiredKeyedService<HybridCache>("two");

        Assert.Same(Cache(host, "two"), two);
        Assert.Equal((1, 2), (await RunsAsync(Cache(host, "one")), await RunsAsync(two)));

        static async Task<int> RunsAsync(HybridCache cache)
        {
            var runs = 0;
            for (var i = 0; i < 2; i++)
            {
                await cache.GetOrCreateAsync(
                    "a key of 21 characters", _ => new ValueTask<int>(++runs), cancellationToken: Ct);
            }
            return runs;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a:b")]
    [InlineData("a.b")]
    public void Service_key_that_cannot_be_part_of_a_prefix_is_refused(string name)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);

        Assert.Throws<ArgumentException>(() =>
            builder.Services.AddKeyedMultiLevelCache(name, builder.Configuration));
    }

    [Fact]
    public async Task Type_and_enum_value_are_service_keys_with_names_of_their_own_in_Redis()
    {
        var host = await StartAsync(typeof(Source), DayOfWeek.Monday);
        using var client = _redis.Connect();

        foreach (var (key, name) in new (object, string)[]
        {
            (typeof(Source), "keyed.type.ECommerce.Caching.Tests.Registration.KeyedCacheTests-Source:"),
            (DayOfWeek.Monday, "keyed.enum.System.DayOfWeek.Monday:"),
        })
        {
            var cache = host.Services.GetRequiredKeyedService<HybridCache>(key);
            Assert.Equal(name, await cache.GetOrCreateAsync(
                Key, name, static (v, _) => new ValueTask<string>(v), CacheNode.Product.Options,
                cancellationToken: Ct));
            await Eventually.TrueAsync(
                async () => await client.GetDatabase().KeyExistsAsync(name + Key), $"the value is under {name}");
        }
    }

    [Fact]
    public void Service_key_without_a_name_is_refused()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);

        foreach (var key in (object[])[5, typeof(List<int>), AttributeTargets.Class | AttributeTargets.Enum])
        {
            Assert.Throws<ArgumentException>(
                () => builder.Services.AddKeyedMultiLevelCache(key, builder.Configuration));
        }
    }

    [Fact]
    public void Second_cache_of_a_service_key_is_refused()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddKeyedMultiLevelCache("one", builder.Configuration);

        var error = Assert.Throws<InvalidOperationException>(
            () => builder.Services.AddKeyedMultiLevelCache("one", builder.Configuration));

        Assert.Contains("'one'", error.Message, StringComparison.Ordinal);
    }

    private static MultiLevelCache Cache(IHost host, string? name) => name is null
        ? host.Services.GetRequiredService<MultiLevelCache>()
        : host.Services.GetRequiredKeyedService<MultiLevelCache>(name);

    private static ICacheInvalidator Invalidator(IHost host, string name) =>
        host.Services.GetRequiredKeyedService<ICacheInvalidator>(name);

    private static async Task<string> ReadAsync(IHost host, string? name, string value) =>
        await Cache(host, name).GetOrCreateAsync(
            Key, value, static (v, _) => new ValueTask<string>(v), CacheNode.Product.Options, cancellationToken: Ct);

    private async Task<IHost> StartAsync(params object[] more)
    {
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Services.AddSingleton<IConnectionMultiplexer>(_ => _redis.Connect());
        builder.Services.AddSingleton(new Source("of the application"));
        builder.Services.AddMultiLevelCache(builder.Configuration, CacheNode.Product);
        builder.Services.AddKeyedMultiLevelCache("one", builder.Configuration, CacheNode.Product);
        builder.Services.AddKeyedMultiLevelCache(
            "two", builder.Configuration, static options => options.MaximumKeyLength = 20, CacheNode.Product);
        foreach (var key in more)
            builder.Services.AddKeyedMultiLevelCache(key, builder.Configuration, CacheNode.Product);
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync(Ct);
        foreach (var name in (object?[])[null, "one", "two", .. more])
        {
            await Eventually.TrueAsync(async () =>
            {
                var inspector = name is null ? host.Services.GetRequiredService<ICacheInspector>()
                    : host.Services.GetRequiredKeyedService<ICacheInspector>(name);
                return (await inspector.StatisticsAsync(cancellationToken: Ct)).Node.TrustsRedis == true;
            }, $"cache {name} follows its messages");
        }
        return host;
    }

    private sealed record Source(string Text);
}
