using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Contract;

/// <summary>
/// The documented behaviours of HybridCache, with and without a policy, on each backend, against Microsoft's own. Where
/// the two differ, the difference is listed with the reason why ours is right.
/// </summary>
public class HybridCacheContractTests
{
    private const string InMemory =
        "A key without a policy has no tenant and may be sensitive: its value stays in the memory of its node.";

    private const string NoMemory = InMemory + " The backend redis has no such memory.";

    private static readonly string[] Everywhere =
        ["memory policy", "memory none", "redis policy", "redis none", "hybrid policy", "hybrid none"];

    private static readonly string[] WithMemory = ["memory policy", "memory none", "hybrid policy", "hybrid none"];

    private static readonly string[] SharedNone = ["redis none", "hybrid none"];

    private static readonly Difference[] Differences =
    [
        new("GetOrCreateAsync", ["redis none"], "2", NoMemory),
        new("span as key", ["redis none"], "2", NoMemory),
        new("None", ["redis none"], "2", NoMemory),
        new("SetAsync", ["redis none"], "made", NoMemory),
        new("another tag", ["redis none"], "2", NoMemory),
        new("null as value", ["redis none"], "2", NoMemory),
        new("GetOrCreateAsync on another node", SharedNone, "2", InMemory),
        new("DisableLocalCacheRead", SharedNone, "2", InMemory),
        new("DisableLocalCacheWrite", SharedNone, "2", InMemory),
        new("DisableLocalCache", SharedNone, "2", InMemory),
        new("DisableCompression", SharedNone, "2", InMemory),
        new("SetAsync on another node", SharedNone, "made", InMemory),
        new("SetAsync, DisableLocalCacheWrite", SharedNone, "made", InMemory),
        new("LocalCacheExpiration", SharedNone, "2", InMemory),
        new("SetAsync of another type", ["redis policy", "redis none", "hybrid policy", "hybrid none"], "7",
            "An entry carries the type of its value: the bytes of one type are never read as another."),
        new("immutable value", WithMemory, "True",
            "A record whose members are all init-only cannot be changed, also without [ImmutableObject(true)]: it is "
            + "shared, which spares a copy per hit."),
        new("exception", Everywhere, "1 TimeoutException TimeoutException",
            "A failure is rethrown for a quarter of a second at most: callers do not ask a failing source in turn."),
    ];

    /// <param name="Row">The row.</param>
    /// <param name="Where">Backends and keys: <c>hybrid none</c>.</param>
    /// <param name="Ours">What is seen with ours.</param>
    /// <param name="Reason">Why that is right.</param>
    private sealed record Difference(string Row, string[] Where, string Ours, string Reason);

    [Theory]
    [InlineData("memory")]
    [InlineData("redis")]
    [InlineData("hybrid")]
    public async Task Each_row_is_as_with_microsofts_or_differs_for_a_reason(string backend)
    {
        await using var redis = backend == "memory" ? null : await RedisServer.StartAsync();
        await using var a = await CacheNode.StartAsync(redis, ("CACHE_BACKEND", backend));
        await using var second = redis is null ? null : await CacheNode.StartAsync(redis, ("CACHE_BACKEND", backend));
        var b = second ?? a;
        var shared = new SharedLayer();
        await using var one = Microsofts(redis is null ? null : shared);
        await using var two = Microsofts(redis is null ? null : shared);
        var theirs = new Subject(
            one.GetRequiredService<HybridCache>(), (redis is null ? one : two).GetRequiredService<HybridCache>(),
            static key => key, key => redis is null ? Task.CompletedTask : shared.StoredAsync(key));
        Subject[] ours =
        [
            new(a.Cache, b.Cache, static key => CacheNode.Product.Key("acme", key), StoredAsync),
            new(a.Cache, b.Cache, static key => "plain-" + key, StoredAsync),
        ];
        var wrong = new List<string>();

        foreach (var (name, row) in ContractRows.All)
        {
            var key = name.Replace(' ', '-').Replace(",", "", StringComparison.Ordinal);
            var expected = await row(theirs, key);
            foreach (var (subject, kind) in ours.Zip((string[])["policy", "none"]))
            {
                var where = $"{backend} {kind}";
                var seen = await row(subject, subject.Key(key));
                var difference = Array.Find(Differences, one => one.Row == name && one.Where.Contains(where));
                if (seen != (difference?.Ours ?? expected) || (difference is not null && seen == expected))
                    wrong.Add($"{name} | {where} | theirs {expected} | ours {seen}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        Task StoredAsync(string key) => Task.WhenAll(a.StoredAsync(), b.StoredAsync());
    }

    private static ServiceProvider Microsofts(IDistributedCache? shared)
    {
        var services = new ServiceCollection();
        if (shared is not null)
            services.AddSingleton(shared);
        services.AddHybridCache();
        return services.BuildServiceProvider();
    }
}
