using System.Diagnostics.Metrics;
using ECommerce.Caching;
using ECommerce.Caching.Coherence;
using ECommerce.Caching.SingleFlight;
using ECommerce.Caching.Tags;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ECommerce.Benchmarks;

/// <summary>
/// One node of the cache as in production: with Redis, log level Information and a listener on the meter.
/// </summary>
internal sealed class Node : IAsyncDisposable
{
    public static readonly CachePolicy Product =
        new("product:{tenant}:{id}", TimeSpan.FromHours(6), TimeSpan.FromMinutes(15)) { Sensitive = false };

    public static readonly CachePolicy Order =
        new("order:{tenant}:{id}", TimeSpan.FromHours(6), TimeSpan.FromMinutes(15));

    private readonly IHost _host;
    private readonly MeterListener _listener = new();

    private Node(IHost host)
    {
        _host = host;
        var meters = host.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        _listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        _listener.Start();
    }

    public MultiLevelCache Cache => _host.Services.GetRequiredService<MultiLevelCache>();

    public CacheEngine Engine => _host.Services.GetRequiredService<CacheEngine>();

    public ICacheInvalidator Invalidator => _host.Services.GetRequiredService<ICacheInvalidator>();

    public TagTable Tags => _host.Services.GetRequiredService<TagTable>();

    public CacheSettings Settings => _host.Services.GetRequiredService<CacheSettings>();

    public IConnectionMultiplexer Redis => _host.Services.GetRequiredService<IConnectionMultiplexer>();

    public static Task<Node> StartAsync(string redis, params (string Key, string Value)[] settings) =>
        StartAsync(redis, [Product, Order], TimeProvider.System, settings);

    public static async Task<Node> StartAsync(
        string redis, CachePolicy[] policies, TimeProvider time, params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        builder.Configuration["ConnectionStrings:redis"] = redis;
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information));
        builder.AddRedis("redis");
        builder.Services.AddSingleton(time);
        builder.Services.AddMultiLevelCache(builder.Configuration, policies);
        var host = builder.Build();
        await host.StartAsync();
        // Without Redis there is none.
        if (host.Services.GetService<Backplane>() is not { } backplane)
            return new Node(host);
        await backplane.Listening.WaitAsync(TimeSpan.FromSeconds(10));
        // Entries stored from now on have a sequence above the number from which the node follows the messages.
        var sequence = host.Services.GetRequiredService<HighWaterMark>();
        while (backplane.FollowedFrom == 0 || sequence.Last <= backplane.FollowedFrom)
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        return new Node(host);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _host.StopAsync();
        _host.Dispose();
    }
}
