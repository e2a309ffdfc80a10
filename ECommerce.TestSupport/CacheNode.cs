using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ECommerce.Caching;
using ECommerce.Caching.Administration;
using ECommerce.Caching.Coherence;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Inspection;
using ECommerce.Caching.Memory;
using ECommerce.Caching.SingleFlight;
using ECommerce.Caching.Tags;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ECommerce.TestSupport;

/// <summary>One node of the cache with its own memory; several on one Redis make a system.</summary>
internal sealed class CacheNode : IAsyncDisposable
{
    public static readonly CachePolicy Product = new(
        "product:{tenant}:{id}", TimeSpan.FromHours(6), TimeSpan.FromMinutes(15))
    { Sensitive = false, Jitter = 0 };
    public static readonly CachePolicy ProductList =
        new("products:list:{tenant}:{qhash}", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5))
        {
            Flag = "lists",
            Sensitive = false,
            Jitter = 0
        };
    public static readonly CachePolicy Order = new(
        "order:{tenant}:{id}", TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(15))
    { Jitter = 0 };

    /// <summary>Refuses what a broken shop returns.</summary>
    public static readonly CachePolicy Page = new("page:{tenant}:{id}", TimeSpan.FromMinutes(1), TimeSpan.Zero)
    {
        Sensitive = false,
        Jitter = 0,
        Accept = static value => value?.ToString()?.Contains("<html>", StringComparison.Ordinal) != true,
    };

    /// <summary>Is cheap to make, so each node makes it for itself.</summary>
    public static readonly CachePolicy Cheap =
        new("cheap:{tenant}:{id}", TimeSpan.FromMinutes(1),
            TimeSpan.FromMinutes(5))
        { SingleFlight = SingleFlightScope.Process, Sensitive = false, Jitter = 0 };

    /// <summary>Its source may hang, so the deadline is short.</summary>
    public static readonly CachePolicy Report = new(
        "report:{tenant}:{id}", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5))
    { Deadline = TimeSpan.FromMilliseconds(300), Sensitive = false, Jitter = 0 };

    /// <summary>Can be invalidated by the category and the brand together.</summary>
    public static readonly CachePolicy Tagged = new(
        "tagged:{tenant}:{id}", TimeSpan.FromHours(1), TimeSpan.Zero)
    {
        TagCombinations = [["category:{tenant}:{category}", "brand:{tenant}:{brand}"]],
        Sensitive = false,
        Jitter = 0,
    };

    /// <summary>Can be invalidated for one user, apart from the user's other entries.</summary>
    public static readonly CachePolicy Basket = new(
        "basket:{tenant}:{user_id}:{id}", TimeSpan.FromHours(1), TimeSpan.Zero)
    { TagCombinations = [["user:{tenant}:{user_id}", "basket:{tenant}:*"]], Sensitive = false, Jitter = 0 };

    /// <summary>Ends when it is not read for ten minutes.</summary>
    public static readonly CachePolicy Session = new(
        "visit:{tenant}:{id}", TimeSpan.FromHours(1), TimeSpan.FromMinutes(10))
    { Sliding = TimeSpan.FromMinutes(10), Sensitive = false, Jitter = 0 };

    private readonly IHost _host;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new();
    private readonly ConcurrentDictionary<string, long> _observed = new();

    private CacheNode(IHost host, LogRecorder log)
    {
        _host = host;
        Log = log;
        var meters = host.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var counts = instrument.IsObservable ? _observed : _counts;
            counts.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
            foreach (var tag in tags)
                counts.AddOrUpdate($"{instrument.Name} {tag.Key}={tag.Value}", value, (_, sum) => sum + value);
        });
        _listener.Start();
    }

    // Where a test is not about them, a time-out means a fault and not a machine that has much to do.
    private static CacheSettings Settings(IConfiguration configuration) =>
        new(configuration) { RedisTimeout = TimeSpan.FromSeconds(2), AcknowledgementTimeout = TimeSpan.FromSeconds(2) };

    public LogRecorder Log { get; }

    public IServiceProvider Services => _host.Services;

    public MultiLevelCache Cache => _host.Services.GetRequiredService<MultiLevelCache>();

    public ICacheInvalidator Invalidator => _host.Services.GetRequiredService<ICacheInvalidator>();

    public ICacheFlags Flags => _host.Services.GetRequiredService<ICacheFlags>();

    public ICacheInspector Inspector => _host.Services.GetRequiredService<ICacheInspector>();

    public ICacheAdministration Administration => _host.Services.GetRequiredService<ICacheAdministration>();

    public CacheClock Clock => _host.Services.GetRequiredService<CacheClock>();

    public TagTable Tags => _host.Services.GetRequiredService<TagTable>();

    public CacheMetrics Metrics => _host.Services.GetRequiredService<CacheMetrics>();

    public MemoryLayer Memory => _host.Services.GetRequiredService<MemoryLayer>();

    public static Task<CacheNode> StartAsync(RedisServer? redis, params (string Key, string Value)[] settings) =>
        StartOnAsync(redis is null ? null : redis.Connect, settings);

    public static Task<CacheNode> StartOnAsync(
        Func<IConnectionMultiplexer>? redis, params (string Key, string Value)[] settings) =>
        StartOnAsync(redis, Settings, settings);

    /// <summary>A node with settings that no variable sets.</summary>
    public static Task<CacheNode> StartOnAsync(
        Func<IConnectionMultiplexer>? redis, Func<IConfiguration, CacheSettings> read, params (
            string Key, string Value)[] settings) =>
        StartOnAsync(redis, read, static _ => { }, settings);

    /// <summary>A node with services beside the cache, a time that stands still among them.</summary>
    public static async Task<CacheNode> StartWithAsync(
        Func<IConnectionMultiplexer>? redis, Action<IServiceCollection> add, params (
            string Key, string Value)[] settings)
    {
        try
        {
            return await StartOnAsync(redis, Settings, add, settings);
        }
        catch (TimeoutException)
        {
            // The only heartbeat of a node without time was not confirmed in time, as on a loaded machine: another
            // node makes another one.
            return await StartOnAsync(redis, Settings, add, settings);
        }
    }

    private static async Task<CacheNode> StartOnAsync(
        Func<IConnectionMultiplexer>? redis, Func<IConfiguration, CacheSettings> read, Action<IServiceCollection> add, (
            string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        var log = new LogRecorder();
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(log));
        if (redis is not null)
            builder.Services.AddSingleton(_ => redis());
        else
            builder.Configuration["CACHE_BACKEND"] = "memory";
        builder.Services.AddMultiLevelCacheWith(
            read(builder.Configuration), builder.Configuration,
            [Product, ProductList, Order, Page, Cheap, Report, Tagged, Basket, Session]);
        add(builder.Services);
        var host = builder.Build();
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            if (redis is not null)
            {
                await host.Services.GetRequiredService<Backplane>().Listening.WaitAsync(
                    TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            }

            return new CacheNode(host, log);
        }
        catch
        {
            // Not stopped: what did not get as far as its services cannot be.
            host.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The sum of an instrument, of all its measurements or of those with one tag (<c>cache_layer=redis</c>).
    /// </summary>
    public long Count(string instrument, string? tag = null)
    {
        _observed.Clear();
        _listener.RecordObservableInstruments();
        var name = tag is null ? instrument : $"{instrument} {tag}";
        return _counts.GetValueOrDefault(name) + _observed.GetValueOrDefault(name);
    }

    /// <summary>
    /// Reads through the cache; the factory returns the value of the source at that time. Returns when the value is in
    /// Redis too, for which a caller of the cache does not wait.
    /// </summary>
    public async ValueTask<string?> ReadAsync(string key, Func<string?> source, CachePolicy? policy = null)
    {
        var value = await Cache.GetOrCreateAsync(
            key, source, static (s, _) => new ValueTask<string?>(s()), (policy ?? Product).Options,
            cancellationToken: TestContext.Current.CancellationToken);
        await StoredAsync();
        return value;
    }

    /// <summary>All keys of a listing, step by step.</summary>
    public async Task<IReadOnlyList<CachedKey>> KeysAsync(string pattern, string? tenant = null, int limit = 100)
    {
        var keys = new List<CachedKey>();
        string? cursor = null;
        do
        {
            var page = await Inspector.ListKeysAsync(
                pattern, tenant, cursor, limit, TestContext.Current.CancellationToken);
            Assert.NotEqual(RedisAvailability.Unavailable, page.Redis);
            keys.AddRange(page.Keys);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return keys;
    }

    /// <summary>Completes when no store in Redis is pending.</summary>
    public Task StoredAsync() => _host.Services.GetRequiredService<FillEnvironment>().Stores.WhenDrained();

    /// <summary>The result of a read, when its value is in Redis too.</summary>
    public async ValueTask<T> StoredAsync<T>(ValueTask<T> read)
    {
        var value = await read;
        await StoredAsync();
        return value;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
