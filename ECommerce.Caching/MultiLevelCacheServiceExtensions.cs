using System.Text;
using ECommerce.Caching.Administration;
using ECommerce.Caching.CachedMethods;
using ECommerce.Caching.Coherence;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.History;
using ECommerce.Caching.Http;
using ECommerce.Caching.Inspection;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.Registration;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.SingleFlight;
using ECommerce.Caching.Tags;
using ECommerce.Caching.Warming;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ECommerce.Caching;

/// <summary>Registers the cache.</summary>
public static class MultiLevelCacheServiceExtensions
{
    private const string SaltName = "CACHE_KEY_SALT";

    /// <summary>
    /// Registers <see cref="MultiLevelCache"/> as <see cref="HybridCache"/> and as the output-cache store,
    /// <see cref="ICacheInvalidator"/>,
    /// <see cref="ICacheInspector"/> and <see cref="QueryHash"/>. Settings come from <c>CACHE_*</c> variables and the
    /// section <c>Cache</c>. Redis is the registered
    /// <see cref="IConnectionMultiplexer"/>.
    /// </summary>
    /// <exception cref="OptionsValidationException">A setting is not allowed; the message is one line that names
    /// it.</exception>
    /// <exception cref="InvalidOperationException">Two policies have one pattern, or, at the start, one of them is of a
    /// <c>[Cached]</c> method; the message names it.</exception>
    public static IServiceCollection AddMultiLevelCache(
        this IServiceCollection services, IConfiguration configuration, params IEnumerable<CachePolicy> policies)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddMultiLevelCacheWith(new CacheSettings(configuration), configuration, policies);
    }

    /// <inheritdoc cref="AddMultiLevelCache(IServiceCollection, IConfiguration, IEnumerable{CachePolicy})"/>
    /// <summary>The same with options that are set in code.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public static IServiceCollection AddMultiLevelCache(
        this IServiceCollection services, IConfiguration configuration, Action<MultiLevelCacheOptions> configure,
        params IEnumerable<CachePolicy> policies)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddMultiLevelCacheWith(
            new CacheSettings(configuration, Configured(configure)), configuration, policies);
    }

    /// <summary>
    /// Registers a cache of its own under a service key, as <see cref="MultiLevelCache"/>, <see cref="HybridCache"/>,
    /// <see cref="ICacheInvalidator"/>, <see cref="ICacheFlags"/>, <see cref="ICacheInspector"/> and
    /// <see cref="CacheHealth"/>. It shares no memory, key, tag, flag or channel with other caches: its names in Redis
    /// begin with <c>keyed.{serviceKey}:</c>, after <c>CACHE_KEY_PREFIX</c>; of a type they begin with
    /// <c>keyed.type.{full name}:</c>, of an enum value with <c>keyed.enum.{full name}.{value}:</c>. Redis is the
    /// <see cref="IConnectionMultiplexer"/> of the same service key, or else the application's.
    /// </summary>
    /// <remarks>
    /// Settings come from the same variables. An <see cref="IInvalidationLog"/>, <see cref="IPartitionedNodes"/> or
    /// <see cref="ICacheFlagStore"/> is used if it is registered with the service key. Stored responses and
    /// <c>[Cached]</c> methods are those of the application's own cache.
    /// </remarks>
    /// <exception cref="ArgumentException">The service key is no text, type or enum value, or has characters other than
    /// letters, digits, <c>_</c> and <c>-</c>, or an option is out of range.</exception>
    /// <exception cref="InvalidOperationException">There is a cache under this service key, or two policies have one
    /// pattern.</exception>
    public static IServiceCollection AddKeyedMultiLevelCache(
        this IServiceCollection services, object serviceKey, IConfiguration configuration,
        params IEnumerable<CachePolicy> policies) =>
        services.AddKeyedMultiLevelCache(serviceKey, configuration, static _ => { }, policies);

    /// <inheritdoc cref="AddKeyedMultiLevelCache(IServiceCollection, object, IConfiguration,
    /// IEnumerable{CachePolicy})"/>
    /// <summary>The same with options that are set in code.</summary>
    public static IServiceCollection AddKeyedMultiLevelCache(
        this IServiceCollection services, object serviceKey, IConfiguration configuration,
        Action<MultiLevelCacheOptions> configure, params IEnumerable<CachePolicy> policies)
    {
        ArgumentNullException.ThrowIfNull(services);
        var name = KeyedCache.NameOf(serviceKey);
        if (services.Any(one => one.ServiceType == typeof(KeyedCache) && serviceKey.Equals(one.ServiceKey)))
            throw new InvalidOperationException($"There are two caches with the service key '{serviceKey}'.");
        var settings = new CacheSettings(configuration, Configured(configure), name);
        CachePolicy[] declared = [.. policies];
        _ = new PolicyRegistry(declared, settings);
        services.AddLogging();
        services.AddMetrics();
        services.AddKeyedSingleton(
            serviceKey,
            (application, key) => new KeyedCache(application, key, settings, configuration, declared));
        services.AddSingleton<IHostedService>(
            application => application.GetRequiredKeyedService<KeyedCache>(serviceKey));
        Share<MultiLevelCache>();
        Share<HybridCache>();
        Share<ICacheInvalidator>();
        Share<ICacheFlags>();
        Share<ICacheInspector>();
        Share<CacheHealth>();
        return services;

        void Share<T>()
            where T : class => services.AddKeyedSingleton(
            serviceKey, static (application, key) => application.GetRequiredKeyedService<KeyedCache>(key).Get<T>());
    }

    private static MultiLevelCacheOptions Configured(Action<MultiLevelCacheOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new MultiLevelCacheOptions();
        configure(options);
        return options;
    }

    internal static IServiceCollection AddMultiLevelCacheWith(
        this IServiceCollection services, CacheSettings settings, IConfiguration configuration,
            IEnumerable<CachePolicy> policies)
    {
        // Twins among the declared ones are found here; among those of [Cached] methods, which may be added later, at
        // the start.
        CachePolicy[] declared = [.. policies];
        _ = new PolicyRegistry(declared, settings);
        var salt = configuration[SaltName];
        services.AddSingleton(provider => new QueryHash(Salt(salt, provider.GetService<IHostEnvironment>())));
        services.AddMetrics();
        if (settings.LogLevel is { } level)
            services.AddLogging(logging => logging.AddFilter(CacheLogCategory.Name, level));
        services.AddOutputCache();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton(provider => new PolicyRegistry(
            declared.Union(
                provider.GetServices<CachedService>().SelectMany(service => service.Policies),
                ReferenceEqualityComparer.Instance).Cast<CachePolicy>(), settings));
        services.AddSingleton<CacheClock>();
        services.AddSingleton<TagTable>();
        services.AddSingleton<Announcements>();
        services.AddSingleton<HighWaterMark>();
        services.AddSingleton<FillSignals>();
        services.AddSingleton<BackplaneCommands>();
        services.AddSingleton(new MemoryLayer(settings.MaxMemItems, settings.MaxMemBytes));
        services.AddSingleton(
            static provider =>
            new CacheLog(provider.GetRequiredService<ILoggerFactory>().CreateLogger(CacheLogCategory.Name)));
        services.AddSingleton(static provider => new CacheEvents(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CacheMetrics>();
        services.AddSingleton<BackgroundRefresher>();
        services.AddSingleton<FillEnvironment>();
        services.AddSingleton<ValueSerializers>();
        services.AddSingleton<MemoryEntryStore>();
        if (settings.Backend != CacheBackend.Memory)
        {
            services.AddSingleton(static provider => new RedisNames(
                provider.GetRequiredService<IConnectionMultiplexer>(), provider.GetRequiredService<CacheSettings>()));
            services.AddSingleton<RedisRefusals>();
            services.AddSingleton<ConnectionMonitor>();
            services.AddSingleton<RedisCircuit>();
            services.AddSingleton<RedisTopology>();
            services.AddSingleton(
                provider =>
                ActivatorUtilities.CreateInstance<RedisLayer>(
                provider, provider.GetRequiredService<PolicyRegistry>().VersionLifetime));
            services.AddSingleton(provider => new NodeLease(
                provider.GetRequiredService<CacheClock>(),
                mustAnnounce: settings.Backend == CacheBackend.Hybrid
                    && provider.GetService<IPartitionedNodes>() is not null));
            services.AddSingleton<RedisEntryStore>();
            services.AddSingleton(provider => new BackplaneTransport(
                provider.GetRequiredService<IConnectionMultiplexer>(), provider.GetRequiredService<RedisNames>(),
                settings.RedisTimeout));
            services.AddHostedService<RedisRights>();
            services.AddSingleton<Backplane>();
            services.AddHostedService(static provider => provider.GetRequiredService<Backplane>());
            // Without a memory there is nothing that writers would have to know of.
            if (settings.Backend == CacheBackend.Hybrid)
            {
                services.AddSingleton(static provider => new PartitionGuard(
                    provider.GetRequiredService<Backplane>(), provider.GetService<IPartitionedNodes>(),
                    provider.GetRequiredService<NodeLease>(), provider.GetRequiredService<CacheClock>(),
                    provider.GetRequiredService<CacheLog>(), provider.GetRequiredService<TimeProvider>()));
                services.AddHostedService(static provider => provider.GetRequiredService<PartitionGuard>());
            }
            services.AddSingleton<EvictionPolicyMonitor>();
            services.AddHostedService(static provider => provider.GetRequiredService<EvictionPolicyMonitor>());
        }
        services.AddSingleton(provider =>
        {
            // At start-up, not with the first list request.
            _ = provider.GetRequiredService<QueryHash>();
            var registry = provider.GetRequiredService<PolicyRegistry>();
            var engine = new CacheEngine(
                settings, registry, provider.GetRequiredService<MemoryEntryStore>(),
                provider.GetService<RedisEntryStore>(), provider.GetRequiredService<FillEnvironment>(),
                provider.GetRequiredService<CacheLog>(), provider.GetRequiredService<CacheMetrics>());
            if (settings.Backend != CacheBackend.Memory && settings.EncryptionKeys.Writing is null
                && registry.SensitivePatterns.Any())
            {
                engine.Log.SensitiveStaysInMemory(string.Join(' ', registry.SensitivePatterns));
            }
            engine.Memory.Renewed = engine.Renewed;
            engine.Memory.Layer.Evicted = entry =>
            {
                engine.Metrics.Evicted();
                engine.Log.Evicted(entry.Key, "memory", "capacity");
            };
            return engine;
        });
        services.AddSingleton(provider => new PatternSweep(
            provider.GetRequiredService<CacheEngine>(), provider.GetRequiredService<BackplaneCommands>(),
            settings.Backend == CacheBackend.Memory ? null
                : provider.GetRequiredService<IConnectionMultiplexer>(), provider.GetService<RedisTopology>(),
            provider.GetService<RedisNames>()));
        if (settings.Backend != CacheBackend.Memory)
            services.AddSingleton<RedisInspection>();
        services.AddSingleton<ICacheInspector>(static provider => new CacheInspector(
            provider.GetRequiredService<CacheEngine>(), provider.GetRequiredService<PatternSweep>(),
                provider.GetRequiredService<CacheHealth>(),
            provider.GetService<NodeLease>(), provider.GetService<RedisInspection>(),
            new Lazy<ICacheWarmer?>(provider.GetService<ICacheWarmer>)));
        services.AddSingleton<IReadSampler, ReadSampler>();
        services.AddSingleton<CacheFlags>();
        services.AddHostedService(static provider => provider.GetRequiredService<CacheFlags>());
        services.AddSingleton<ICacheFlags>(static provider => provider.GetRequiredService<CacheFlags>());
        services.AddSingleton<Invalidator>();
        services.AddSingleton<CacheMaintenance>();
        services.AddHostedService(static provider => provider.GetRequiredService<CacheMaintenance>());
        services.AddSingleton<ICacheInvalidator>(static provider => provider.GetRequiredService<Invalidator>());
        services.AddSingleton<NodeQueries>();
        services.AddHostedService(static provider => provider.GetRequiredService<NodeQueries>());
        services.AddSingleton<ICacheAdministration, CacheAdministration>();
        services.AddSingleton(static provider => new CacheObserver(
            provider.GetRequiredService<CacheEngine>(), provider.GetService<Backplane>()));
        services.AddSingleton(static provider => new HistoryStore(
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<CacheLog>(),
            provider.GetService<RedisCircuit>() is null ? null : provider.GetRequiredService<IConnectionMultiplexer>(),
            provider.GetService<RedisNames>(), provider.GetService<RedisCircuit>()));
        services.AddSingleton<HistorySampler>();
        services.AddHostedService(static provider => provider.GetRequiredService<HistorySampler>());
        services.AddSingleton<ICacheHistory>(static provider => provider.GetRequiredService<HistorySampler>());
        services.AddSingleton(static provider => new CacheHealth(
            provider.GetRequiredService<CacheEngine>(), provider.GetService<NodeLease>(),
                provider.GetService<IInvalidationLog>(),
            provider.GetService<EvictionPolicyMonitor>(), provider.GetService<RedisRefusals>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(
            static provider =>
            new MultiLevelCache(
            provider.GetRequiredService<CacheEngine>(), provider.GetRequiredService<ICacheInvalidator>()));
        services.AddSingleton<HybridCache>(static provider => provider.GetRequiredService<MultiLevelCache>());
        services.AddSingleton<MultiLevelOutputCacheStore>();
        services.AddSingleton<IResponsePreloader>(
            static provider => provider.GetRequiredService<MultiLevelOutputCacheStore>());
        services.Replace(ServiceDescriptor.Singleton<IOutputCacheStore>(
            static provider => provider.GetRequiredService<MultiLevelOutputCacheStore>()));
        services.AddSingleton<DataOutputPolicy>();
        services.AddSingleton<ResponseFastPath>();
        return services;
    }

    private static byte[] Salt(string? salt, IHostEnvironment? environment)
    {
        if (!string.IsNullOrEmpty(salt))
            return Encoding.UTF8.GetBytes(salt);
        // Nodes of one system must hash alike, so a random one will not do; a known one is for the developer's own
        // machine alone.
        return environment?.IsDevelopment() ?? false
            ? "development"u8.ToArray()
            : throw new OptionsValidationException(
                SaltName, typeof(QueryHash),
                [$"{SaltName} is missing; outside Development it must be set, to the same secret text on all nodes."]);
    }
}
