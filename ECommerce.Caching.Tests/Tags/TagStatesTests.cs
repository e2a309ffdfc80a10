using ECommerce.Caching.Tags;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Tags;

/// <summary>What is given back when entries and factories end.</summary>
public class TagStatesTests
{
    private const int MaxMore = 20;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("memory", 200_000)]
    [InlineData("hybrid", 3_000)]
    [InlineData("redis", 1_000)]
    public async Task Keys_read_once_leave_no_more_tag_states_than_entries(string backend, int keys)
    {
        await using var redis = backend == "memory" ? null : await RedisServer.StartAsync();
        await using var node = await CacheNode.StartAsync(redis, ("CACHE_BACKEND", backend));

        for (var i = 0; i < keys; i++)
        {
            await node.Cache.GetOrCreateAsync(
                CacheNode.Product.Key("acme", i), i, static (n, context, _) =>
            {
                context.DependsOn($"brand:acme:{n}");
                return new ValueTask<int>(n);
            }, CacheNode.Product, Ct);
        }

        await node.StoredAsync();
        Assert.InRange(node.Tags.Count, 1, (2 * node.Memory.Count) + MaxMore);
        Assert.Equal(backend == "redis" ? 0 : 1000, node.Memory.Count);
    }

    [Fact]
    public async Task Tags_of_failed_and_uncached_reads_leave_no_states()
    {
        await using var node = await CacheNode.StartAsync(null);
        for (var i = 0; i < 1000; i++)
        {
            await node.Cache.GetOrCreateAsync(CacheNode.Product.Key("acme", i), i, static (n, context, _) =>
            {
                context.DependsOn($"brand:acme:{n}");
                context.DoNotStore();
                return new ValueTask<int>(n);
            }, CacheNode.Product, Ct);
        }

        Assert.InRange(node.Tags.Count, 1, MaxMore);
    }

    [Fact]
    public void A_dropped_tag_keeps_its_state_when_its_entry_goes()
    {
        var tags = new TagTable();
        using (var held = new TagSet(tags, ["dropped", "other"]))
            tags.Drop("dropped");

        Assert.NotNull(tags.Find("dropped"));
        Assert.Null(tags.Find("other"));
    }

    [Fact]
    public void A_retired_state_is_asked_for_in_its_successor()
    {
        var tags = new TagTable();
        var state = tags.Acquire("t");
        var moment = tags.Moment;
        state.Release();
        Assert.True(state.IsRetired);
        Assert.False(tags.DroppedAfter(state, moment));

        tags.Drop("t");

        Assert.True(tags.DroppedAfter(state, moment));
        Assert.False(tags.DroppedAfter(state, tags.Moment));
    }

    [Fact]
    public async Task A_drop_beside_many_releases_is_never_forgotten()
    {
        var tags = new TagTable();
        for (var round = 0; round < 2000; round++)
        {
            var moment = tags.Moment;
            using var start = new Barrier(2);
            var releasing = Task.Run(
                () =>
                {
                    start.SignalAndWait(Ct);
                    tags.Acquire("t").Release();
                }, Ct);
            start.SignalAndWait(Ct);
            tags.Drop("t");
            await releasing;
            Assert.True(tags.Find("t")?.DroppedAt > moment);
            tags.Collect(long.MaxValue, oldestEntry: 0);
        }
    }

    [Fact]
    public async Task A_factory_that_loads_two_things_at_once_has_one_scope_that_ends_with_it()
    {
        var counter = new Counter();
        await using var node = await CacheNode.StartWithAsync(
            null, services => services.AddSingleton(counter).AddScoped<Counted>());
        for (var i = 0; i < 2000; i++)
        {
            await node.Cache.GetOrCreateAsync(CacheNode.Product.Key("acme", i), 0, static async (_, context, ct) =>
            {
                var loaded = await Task.WhenAll(
                    Task.Run(() => context.Services.GetRequiredService<Counted>(), ct),
                    Task.Run(() => context.Services.GetRequiredService<Counted>(), ct));
                Assert.Same(loaded[0], loaded[1]);
                return 1;
            }, CacheNode.Product, Ct);
        }

        Assert.Equal((2000, 2000), (counter.Created, counter.Disposed));
    }

    private sealed class Counter
    {
        public int Created, Disposed;
    }

    private sealed class Counted : IDisposable
    {
        private readonly Counter _counter;

        public Counted(Counter counter)
        {
            _counter = counter;
            Interlocked.Increment(ref counter.Created);
        }

        public void Dispose() => Interlocked.Increment(ref _counter.Disposed);
    }
}
