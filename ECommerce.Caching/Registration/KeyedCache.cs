using System.Diagnostics.Metrics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.SingleFlight;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ECommerce.Caching.Registration;

/// <summary>
/// A cache beside the application's own one: all its parts are in services of their own, so it shares nothing with
/// others but the connection, and its names in Redis begin with its own prefix. Logging, metrics, time, serializers and
/// the scopes of factories are the application's. Its background services start and stop with the host.
/// </summary>
internal sealed class KeyedCache : IHostedService, IAsyncDisposable, IDisposable
{
    private readonly ServiceProvider _services;

    public KeyedCache(
        IServiceProvider application, object? serviceKey, CacheSettings settings, IConfiguration configuration,
        IReadOnlyCollection<CachePolicy> policies)
    {
        var services = new ServiceCollection();
        // As instances: what the application owns is not disposed here.
        services.AddSingleton(application.GetRequiredService<ILoggerFactory>());
        services.AddSingleton(application.GetRequiredService<IMeterFactory>());
        services.AddSingleton(application.GetService<TimeProvider>() ?? TimeProvider.System);
        Share<IHostEnvironment>(application.GetService<IHostEnvironment>());
        if (settings.Backend != CacheBackend.Memory)
        {
            services.AddSingleton(
                application.GetKeyedService<IConnectionMultiplexer>(serviceKey)
                ?? application.GetRequiredService<IConnectionMultiplexer>());
        }
        // Those of the application's own cache belong to the writes of that one.
        Share(application.GetKeyedService<IInvalidationLog>(serviceKey));
        Share(application.GetKeyedService<IPartitionedNodes>(serviceKey));
        Share(application.GetKeyedService<ICacheFlagStore>(serviceKey));
        services.AddMultiLevelCacheWith(settings, configuration, policies);
        services.AddSingleton(new ValueSerializers(application));
        services.AddSingleton(own => new FillEnvironment(
            own.GetRequiredService<FillSignals>(), own.GetRequiredService<BackgroundRefresher>(),
            application.GetRequiredService<IServiceScopeFactory>(), own.GetRequiredService<TimeProvider>(),
            own.GetRequiredService<Announcements>()));
        _services = services.BuildServiceProvider();

        void Share<T>(T? service)
            where T : class
        {
            if (service is not null)
                services.AddSingleton(service);
        }
    }

    /// <summary>The name of a cache in Redis and in metrics. Different service keys have different names.</summary>
    /// <exception cref="ArgumentException">The service key has none.</exception>
    public static string NameOf(object serviceKey)
    {
        ArgumentNullException.ThrowIfNull(serviceKey);
        // A text has no point, and an identifier no '-'.
        var (prefix, name) = serviceKey switch
        {
            string text => (string.Empty, text),
            Type type => ("type.", FullName(type)),
            Enum value => ("enum.", $"{FullName(value.GetType())}.{value}"),
            _ => default,
        };
        return !string.IsNullOrEmpty(name)
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' || (c == '.' && prefix.Length > 0))
                ? prefix + name
                : throw new ArgumentException(
                    "The service key of a cache is a text of letters, digits, '_' and '-', a type or an enum value, "
                    + $"unlike '{serviceKey}'.", nameof(serviceKey));
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var hosted in _services.GetServices<IHostedService>())
            await hosted.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var hosted in _services.GetServices<IHostedService>().Reverse())
            await hosted.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    private static string FullName(Type type) => type.FullName?.Replace('+', '-') ?? string.Empty;

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    public void Dispose() => _services.Dispose();
}
