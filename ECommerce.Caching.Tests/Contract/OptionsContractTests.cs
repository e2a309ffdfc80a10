using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Contract;

/// <summary>
/// The options of HybridCache's registration, against Microsoft's own: the same options, the same calls, the same
/// outcome. Where a policy makes a difference, the row states it.
/// </summary>
public class OptionsContractTests
{
    private static readonly Difference BoundOfMemory = new(
        "runs 2", "Without a second layer Microsoft's keeps larger values; here the bound holds for memory too.");

    private const string PolicyWins = "Lifetimes of a policy are its own; defaults are for keys without one.";

    private static readonly HybridCacheEntryFlags NoStore =
        HybridCacheEntryFlags.DisableLocalCache | HybridCacheEntryFlags.DisableDistributedCache;

    private static readonly Dictionary<string, Row> Rows = new()
    {
        ["no option"] = new(null, RunsAsync),
        ["DefaultEntryOptions.Flags"] =
            new(new() { DefaultEntryOptions = new() { Flags = NoStore } }, RunsAsync),
        ["DefaultEntryOptions.Flags, flags of the call"] = new(
            new() { DefaultEntryOptions = new() { Flags = NoStore } },
            (cache, key) => RunsAsync(cache, key, 1, new() { Flags = HybridCacheEntryFlags.None })),
        ["DefaultEntryOptions.Flags, lifetime of the call"] = new(
            new() { DefaultEntryOptions = new() { Flags = NoStore } },
            (cache, key) => RunsAsync(cache, key, 1, new() { Expiration = TimeSpan.FromMinutes(1) })),
        ["DefaultEntryOptions.Expiration"] = new(
            new() { DefaultEntryOptions = new() { Expiration = TimeSpan.FromMilliseconds(50) } }, EndsAsync,
            OfPolicy: "lives"),
        ["DefaultEntryOptions.LocalCacheExpiration"] = new(
            new() { DefaultEntryOptions = new() { LocalCacheExpiration = TimeSpan.FromMilliseconds(50) } }, EndsAsync,
            OfPolicy: "lives"),
        ["DefaultEntryOptions.Expiration, lifetime of the call"] = new(
            new() { DefaultEntryOptions = new() { Expiration = TimeSpan.FromMilliseconds(50) } },
            (cache, key) => EndsAsync(cache, key, new() { Expiration = TimeSpan.FromHours(1) })),
        ["DefaultEntryOptions.LocalCacheExpiration, lifetime of the call"] = new(
            new() { DefaultEntryOptions = new() { LocalCacheExpiration = TimeSpan.FromMilliseconds(50) } },
            (cache, key) => EndsAsync(cache, key, new() { Expiration = TimeSpan.FromHours(1) })),
        ["LocalCacheExpiration below Expiration"] = new(
            null, (cache, key) => EndsAsync(
                cache, key,
                new() { Expiration = TimeSpan.FromHours(1), LocalCacheExpiration = TimeSpan.FromMilliseconds(50) })),
        ["LocalCacheExpiration above Expiration"] = new(
            null, (cache, key) => EndsAsync(
                cache, key,
                new() { Expiration = TimeSpan.FromMilliseconds(50), LocalCacheExpiration = TimeSpan.FromHours(1) })),
        ["MaximumKeyLength, longer key"] = new(
            new() { MaximumKeyLength = 30 }, (cache, key) => RunsAsync(cache, key.PadRight(31, 'k'))),
        ["MaximumKeyLength, key of that length"] = new(
            new() { MaximumKeyLength = 30 }, (cache, key) => RunsAsync(cache, key.PadRight(30, 'k'))),
        ["MaximumKeyLength above the default"] = new(
            new() { MaximumKeyLength = 2000 }, (cache, key) => RunsAsync(cache, key.PadRight(2000, 'k'))),
        ["MaximumPayloadBytes, larger value"] = new(
            new() { MaximumPayloadBytes = 100 }, (cache, key) => RunsAsync(cache, key, new byte[5000]),
            OfPolicy: BoundOfMemory.Ours, OfOthers: BoundOfMemory),
        ["MaximumPayloadBytes, larger immutable value"] = new(
            new() { MaximumPayloadBytes = 100 }, (cache, key) => RunsAsync(cache, key, new string('v', 5000)),
            OfPolicy: BoundOfMemory.Ours, OfOthers: BoundOfMemory),
        ["MaximumPayloadBytes, smaller value"] = new(
            new() { MaximumPayloadBytes = 200 }, (cache, key) => RunsAsync(cache, key, new byte[100])),
        ["DisableCompression"] = new(new() { DisableCompression = true }, RunsAsync),
    };

    /// <param name="Options">The options; null: the defaults.</param>
    /// <param name="Act">What is done, and seen.</param>
    /// <param name="OfPolicy">What is seen under the key of a policy, if it differs: <see cref="PolicyWins"/>.</param>
    /// <param name="OfOthers">What is seen under any other key, if it differs.</param>
    private sealed record Row(
        HybridCacheOptions? Options, Func<HybridCache, string, Task<string>> Act, string? OfPolicy = null,
        Difference? OfOthers = null);

    private sealed record Difference(string Ours, string Reason);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Cases()
    {
        var cases = new TheoryData<string, bool>();
        foreach (var name in Rows.Keys)
        {
            cases.Add(name, false);
            cases.Add(name, true);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Options_do_what_they_do_with_microsofts(string name, bool keyed)
    {
        var row = Rows[name];
        await using var theirs = Microsofts(row.Options, keyed);
        await using var ours = Ours(row.Options, keyed);

        var expected = await row.Act(Cache(theirs, keyed), "product:acme:1");

        Assert.Equal(row.OfPolicy ?? expected, await row.Act(Cache(ours, keyed), "product:acme:1"));
        Assert.Equal(row.OfOthers?.Ours ?? expected, await row.Act(Cache(ours, keyed), "plain:acme:1"));
        Assert.True(row.OfPolicy != expected, PolicyWins);
        Assert.True(row.OfOthers?.Ours != expected, row.OfOthers?.Reason);
    }

    private static HybridCache Cache(ServiceProvider services, bool keyed) => keyed
        ? services.GetRequiredKeyedService<HybridCache>("one") : services.GetRequiredService<HybridCache>();

    private static ServiceProvider Microsofts(HybridCacheOptions? from, bool keyed)
    {
        var services = new ServiceCollection();
        _ = keyed ? services.AddKeyedHybridCache("one", Configure) : services.AddHybridCache(Configure);
        return services.BuildServiceProvider();

        void Configure(HybridCacheOptions options)
        {
            if (from is null)
                return;
            (options.DefaultEntryOptions, options.MaximumKeyLength) = (from.DefaultEntryOptions, from.MaximumKeyLength);
            (options.MaximumPayloadBytes, options.DisableCompression) =
                (from.MaximumPayloadBytes, from.DisableCompression);
        }
    }

    private static ServiceProvider Ours(HybridCacheOptions? from, bool keyed)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["CACHE_BACKEND"] = "memory", ["CACHE_KEY_SALT"] = "salt" }).Build();
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<IConfiguration>(configuration);
        _ = keyed ? services.AddKeyedMultiLevelCache("one", configuration, Configure, CacheNode.Product)
            : services.AddMultiLevelCache(configuration, Configure, CacheNode.Product);
        return services.BuildServiceProvider();

        void Configure(ECommerce.Caching.Registration.MultiLevelCacheOptions options)
        {
            if (from is null)
                return;
            (options.DefaultEntryOptions, options.MaximumKeyLength) = (from.DefaultEntryOptions, from.MaximumKeyLength);
            (options.MaximumPayloadBytes, options.DisableCompression) =
                (from.MaximumPayloadBytes, from.DisableCompression);
        }
    }

    private static Task<string> RunsAsync(HybridCache cache, string key) => RunsAsync(cache, key, "value");

    private static async Task<string> RunsAsync<T>(
        HybridCache cache, string key, T value, HybridCacheEntryOptions? options = null)
    {
        var runs = 0;
        for (var i = 0; i < 2; i++)
        {
            await cache.GetOrCreateAsync(key, _ =>
            {
                runs++;
                return new ValueTask<T>(value);
            }, options, cancellationToken: Ct);
        }
        return $"runs {runs}";
    }

    private static Task<string> EndsAsync(HybridCache cache, string key) => EndsAsync(cache, key, null);

    // Whether a value ends within the time in which one of fifty milliseconds does.
    private static async Task<string> EndsAsync(HybridCache cache, string key, HybridCacheEntryOptions? options)
    {
        var (runs, shortLived) = (0, 0);
        await cache.GetOrCreateAsync(key, _ => new ValueTask<int>(++runs), options, cancellationToken: Ct);
        while (shortLived < 3 && runs < 2)
        {
            await cache.GetOrCreateAsync(
                "short:acme:1", _ => new ValueTask<int>(++shortLived),
                new() { Expiration = TimeSpan.FromMilliseconds(100) }, cancellationToken: Ct);
            await cache.GetOrCreateAsync(key, _ => new ValueTask<int>(++runs), options, cancellationToken: Ct);
        }
        return runs > 1 ? "ends" : "lives";
    }
}
