using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.SingleFlight;
using ECommerce.Caching.Tags;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ECommerce.Caching.Tests.SingleFlight;

/// <summary>A miss returns with its factory; the store in Redis ends behind its callers.</summary>
public sealed class PendingStoreTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FaultyRedis _connection = new();
    private readonly TaskCompletionSource _replies = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RedisServer _redis = null!;
    private CacheNode _node = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Key => CacheNode.Product.Key("acme", 1);

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _node = await StartAsync("hybrid");
    }

    public async ValueTask DisposeAsync()
    {
        _replies.TrySetResult();
        await _node.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Callers_have_the_value_before_Redis_has_it()
    {
        Assert.Equal("value", await ReadWhileRedisIsSilentAsync("value").WaitAsync(Patience, Ct));

        using var client = _redis.Connect();
        Assert.False(await client.GetDatabase().KeyExistsAsync(Key));
        _replies.TrySetResult();
        await _node.StoredAsync();
        Assert.True(await client.GetDatabase().KeyExistsAsync(Key));
    }

    [Fact]
    public async Task Fill_lock_stays_until_the_value_is_in_Redis()
    {
        await ReadWhileRedisIsSilentAsync("value");

        using var client = _redis.Connect();
        var fillLock = ECommerce.Caching.Redis.RedisNames.Default.FillLock(Key);
        Assert.True(await client.GetDatabase().KeyExistsAsync(fillLock));
        await using var other = await CacheNode.StartAsync(_redis);
        var read = other.ReadAsync(Key, () => "factory must not run").AsTask();
        _replies.TrySetResult();

        Assert.Equal("value", await read.WaitAsync(Patience, Ct));
        await _node.StoredAsync();
        Assert.False(await client.GetDatabase().KeyExistsAsync(fillLock));
    }

    [Fact]
    public async Task Without_L1_callers_of_a_value_that_is_being_stored_get_it()
    {
        await _node.DisposeAsync();
        _node = await StartAsync("redis");
        await ReadWhileRedisIsSilentAsync("value");

        var read = _node.Cache.GetOrCreateAsync(
            Key, static _ => new ValueTask<string?>("factory must not run"), CacheNode.Product.Options,
            cancellationToken: Ct).AsTask();

        Assert.Equal("value", await read.WaitAsync(TimeSpan.FromSeconds(2), Ct));
    }

    [Fact]
    public async Task Caller_after_an_invalidation_does_not_get_a_value_that_is_being_stored()
    {
        await _node.DisposeAsync();
        _node = await StartAsync("redis");
        await ReadWhileRedisIsSilentAsync("old");
        // The store stays on its way; what is sent from here on is not held up.
        _connection.Until = Task.CompletedTask;
        await _node.Cache.RemoveAsync(Key, Ct);

        var read = _node.ReadAsync(Key, () => "new").AsTask();
        _replies.TrySetResult();

        Assert.Equal("new", await read.WaitAsync(Patience, Ct));
        await _node.StoredAsync();
        Assert.Equal("new", await _node.ReadAsync(Key, () => "newer"));
    }

    [Fact]
    public void Run_whose_value_has_expired_while_it_is_stored_is_not_joined()
    {
        var (clock, tags) = (new CacheClock(), _node.Tags);
        using var held = new TagSet(tags);
        var run = new SingleFlight<string>(Key, tags, held, clock, new WaitGraph());
        var policy = _node.Services.GetRequiredService<PolicyRegistry>().Find(Key, CacheNode.Product.Options)!;
        run.BeginStoring();
        run.Release(new FillResult<string>("fresh", Entry(clock.Now + 60_000), CacheOutcome.Miss));
        Assert.True(run.TryJoin());

        run = new SingleFlight<string>(Key, tags, held, clock, new WaitGraph());
        run.BeginStoring();
        run.Release(new FillResult<string>("expired", Entry(clock.Now), CacheOutcome.Miss));
        Assert.False(run.TryJoin());

        CacheEntry<string> Entry(long freshUntil) =>
            new("value", Key, policy, [], tags.Moment, clock.Now, freshUntil, freshUntil, size: 1);
    }

    [Fact]
    public async Task Caller_that_never_yields_does_not_hold_up_the_end_of_the_store() =>
        Assert.True(await Task.Run(ReadAndBlockAsync, Ct));

    [Fact]
    public async Task SetAsync_returns_when_the_value_is_in_Redis()
    {
        await _node.Cache.SetAsync(Key, "set", CacheNode.Product.Options, cancellationToken: Ct);

        using var client = _redis.Connect();
        Assert.True(await client.GetDatabase().KeyExistsAsync(Key));
    }

    [Fact]
    public async Task Stopping_host_waits_for_pending_stores()
    {
        await ReadWhileRedisIsSilentAsync("value");
        var host = _node.Services.GetRequiredService<IHostApplicationLifetime>();
        host.ApplicationStopping.Register(() => _replies.TrySetResult());

        await _node.DisposeAsync();

        using var client = _redis.Connect();
        Assert.True(await client.GetDatabase().KeyExistsAsync(Key));
    }

    [Theory]
    [InlineData(PendingStores.MaxCount, 1)]
    [InlineData(16, (int)(PendingStores.MaxBytes / 16))]
    public void Store_beyond_the_bounds_is_waited_for(int count, int bytes)
    {
        var stores = new PendingStores(TimeProvider.System);
        Assert.All(Enumerable.Range(0, count), _ => Assert.True(stores.Begin(bytes)));

        Assert.False(stores.Begin(bytes));

        stores.End(bytes);
        stores.End(bytes);
        Assert.True(stores.Begin(bytes));
    }

    private async Task<bool> ReadAndBlockAsync()
    {
        await _node.Cache.GetOrCreateAsync(
            Key, static async _ =>
            {
                await Task.Yield();
                return "value";
            }, CacheNode.Product.Options, cancellationToken: Ct);
        // On the thread where the call has returned.
        return _node.StoredAsync().Wait(Patience, Ct);
    }

    private Task<CacheNode> StartAsync(string backend) => CacheNode.StartOnAsync(
        () => _connection.Around(_redis.Connect()), static configuration => new CacheSettings(configuration)
        {
            RedisTimeout = Patience,
        }, ("CACHE_BACKEND", backend));

    /// <summary>Returns when the store is on its way.</summary>
    private async Task<string?> ReadWhileRedisIsSilentAsync(string value)
    {
        var calls = int.MaxValue;
        var read = await _node.Cache.GetOrCreateAsync(
            Key, _ =>
            {
                // From here on: the look-up has had its reply.
                _connection.Until = _replies.Task;
                calls = _connection.Calls;
                return new ValueTask<string?>(value);
            }, CacheNode.Product.Options, cancellationToken: Ct);
        await Eventually.TrueAsync(() => _connection.Calls > calls, "the store is sent");
        return read;
    }
}
