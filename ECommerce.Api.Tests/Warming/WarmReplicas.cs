using System.Net;
using ECommerce.Caching.Inspection;
using ECommerce.Features.Common.Warming;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Warming;

/// <summary>
/// Replicas that record what is read and fill their memory, on one database and one Redis of their own.
/// </summary>
internal sealed class WarmReplicas : IAsyncDisposable
{
    private const string EncryptionKey = "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private readonly ApiFixture _fixture;
    private readonly List<ApiFactory> _replicas = [];

    private WarmReplicas(ApiFixture fixture, LocalRedis redis, string database) =>
        (_fixture, Redis, Database) = (fixture, redis, database);

    public LocalRedis Redis { get; }

    public string Database { get; }

    public static async Task<WarmReplicas> StartAsync(ApiFixture fixture) => new(
        fixture, await LocalRedis.StartNewAsync(), await fixture.MySql.CreateDatabaseAsync());

    public async Task<ApiFactory> StartReplicaAsync(bool warms = true)
    {
        var replica = new ApiFactory(
            Database, Redis.ConnectionString, settings:
            [("CACHE_WARMING", warms ? "true" : "false"), ("CACHE_ENCRYPTION_KEY", EncryptionKey)]);
        _replicas.Add(replica);
        await replica.StartAsync();
        return replica;
    }

    public HttpClient As(string user, ApiFactory replica) => replica.With(_fixture.TokenOf(user));

    /// <summary>Reads a path so often that it is among the most-read.</summary>
    public static async Task ReadOftenAsync(HttpClient client, params IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            for (var i = 0; i < 3; i++)
                using (await client.HitAsync(path)) { }
        }
    }

    /// <summary>What the recorder does by itself within a minute.</summary>
    public static async Task RecordAsync(ApiFactory replica)
    {
        var recorder = replica.Services.GetRequiredService<ReadRecorder>();
        recorder.Sample();
        await recorder.ShareAsync(TestContext.Current.CancellationToken);
    }

    public static Task UntilReadyAsync(ApiFactory replica) => Eventually.TrueAsync(async () =>
    {
        using var ready = await replica.Anonymous().GetAnyAsync("/ready");
        return ready.StatusCode == HttpStatusCode.OK;
    }, "/ready is 200");

    public static async Task<MemoryState> StateOfAsync(ApiFactory replica, string key) =>
        (await replica.Services.GetRequiredService<ICacheInspector>().ExplainAsync(
            key, TestContext.Current.CancellationToken)).Memory.State;

    /// <summary>The keys of data in the memory of a replica.</summary>
    public static async Task<IReadOnlyList<string>> KeysInMemoryAsync(ApiFactory replica, string pattern)
    {
        var inspector = replica.Services.GetRequiredService<ICacheInspector>();
        List<string> keys = [];
        string? cursor = null;
        do
        {
            var page = await inspector.ListKeysAsync(
                pattern, cursor: cursor, cancellationToken: TestContext.Current.CancellationToken);
            keys.AddRange(page.Keys.Where(key => key.Memory == MemoryState.Fresh && !key.Key.StartsWith("out:"))
                .Select(key => key.Key));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return keys;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in _replicas)
            await replica.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
