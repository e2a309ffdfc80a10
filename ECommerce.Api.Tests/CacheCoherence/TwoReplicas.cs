namespace ECommerce.Api.Tests.CacheCoherence;

/// <summary>
/// Two replicas of the API, and a process without caches, over one database and one Redis of their own.
/// </summary>
public sealed class TwoReplicas(ApiFixture fixture) : IAsyncLifetime
{
    private LocalRedis _redis = null!;
    private ApiFactory[] _apis = [];
    private HttpClient _uncached = null!;

    /// <summary>Acme's administrator on the first replica.</summary>
    internal HttpClient First { get; private set; } = null!;

    internal HttpClient Second { get; private set; } = null!;

    /// <summary>The services of the first replica.</summary>
    internal IServiceProvider Services => _apis[0].Services;

    /// <summary>Another client of the first replica.</summary>
    internal HttpClient Client() => _apis[0].With(fixture.TokenOf("acme.admin"));

    public async ValueTask InitializeAsync()
    {
        _redis = await LocalRedis.StartNewAsync();
        var database = await fixture.MySql.CreateDatabaseAsync();
        _apis =
        [
            new ApiFactory(database, _redis.ConnectionString), new ApiFactory(database, _redis.ConnectionString),
            new ApiFactory(database, _redis.ConnectionString, "Development", ("CACHE_ENABLED", "false")),
        ];
        await Task.WhenAll(_apis.Select(api => api.StartAsync()));
        HttpClient[] clients = [.. _apis.Select(api => api.With(fixture.TokenOf("acme.admin")))];
        (First, Second, _uncached) = (clients[0], clients[1], clients[2]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var api in _apis)
            await api.DisposeAsync();
        await _redis.DisposeAsync();
    }

    /// <summary>
    /// Every path is a hit on both replicas before the write, and differs afterwards as it does without caches.
    /// </summary>
    internal async Task ShowAsync<T>(Func<Task<T>> write, params string[] paths)
    {
        var before = new Dictionary<string, string>();
        foreach (var path in paths)
        {
            using (await First.HitAsync(path)) { }
            using (await Second.HitAsync(path)) { }
            before[path] = await ReadAsync(First, path);
        }

        var written = await write();
        if (written is HttpResponseMessage response)
        {
            Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}");
            response.Dispose();
        }

        foreach (var path in paths)
        {
            var now = await ReadAsync(_uncached, path);
            Assert.NotEqual(before[path], now);
            Assert.Equal(now, await ReadAsync(First, path));
            Assert.Equal(now, await ReadAsync(Second, path));
        }
    }

    private static async Task<string> ReadAsync(HttpClient client, string path)
    {
        using var response = await client.GetAnyAsync(path);
        // An error has the trace id of its request.
        return response.IsSuccessStatusCode
            ? (await response.JsonAsync()).ToJsonString()
            : $"{(int)response.StatusCode}";
    }
}
