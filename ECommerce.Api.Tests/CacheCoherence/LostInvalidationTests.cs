using System.Diagnostics;
using Dapper;
using ECommerce.ServiceDefaults.MySql;

namespace ECommerce.Api.Tests.CacheCoherence;

/// <summary>
/// What is committed reaches the caches of the other nodes, whatever becomes of the node that committed it.
/// </summary>
public sealed class LostInvalidationTests(ApiFixture fixture)
{
    // The promise is 1.5 s; the rest is for a busy machine.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(4);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_commit_made_while_Redis_was_away_is_applied_when_it_is_back_though_its_node_is_gone()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var reader = new ApiFactory(database, redis.ConnectionString);
        var writer = new ApiFactory(database, redis.ConnectionString);
        await Task.WhenAll(reader.StartAsync(), writer.StartAsync());
        var reading = reader.With(fixture.TokenOf("acme.admin"));
        var path = $"/api/v1/products/{(await reading.ProductAsync())["id"]}";
        await reading.GetJsonAsync(path);

        await redis.StopAsync();
        var name = Samples.Unique("deferred");
        using (var written = await writer.With(fixture.TokenOf("acme.admin")).CallAsync(
            HttpMethod.Put, path, Samples.Product(name)))
        {
            Assert.Equal("deferred", written.Headers.GetValues("Cache-Invalidation").Single());
        }

        await writer.DisposeAsync();
        Assert.True(await WaitingAsync(database) > 0);
        await redis.StartAsync();

        await Eventually.TrueAsync(async () => await WaitingAsync(database) == 0, "the other node has applied it");
        Assert.Equal(name, (string?)(await reading.GetJsonAsync(path))["name"]);
    }

    [Fact]
    public async Task A_commit_of_a_silently_partitioned_node_shows_on_the_others_within_two_seconds()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var link = new TcpLink(redis.Port);
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var reader = new ApiFactory(database, redis.ConnectionString);
        await using var writer = new ApiFactory(database, $"127.0.0.1:{link.Port}");
        await Task.WhenAll(reader.StartAsync(), writer.StartAsync());
        var reading = reader.With(fixture.TokenOf("acme.admin"));
        var path = $"/api/v1/products/{(await reading.ProductAsync())["id"]}";
        await reading.GetJsonAsync(path);
        await Eventually.TrueAsync(async () => await WaitingAsync(database) == 0, "nothing waits");

        link.Hold();
        var name = Samples.Unique("deferred");
        using (var written = await writer.With(fixture.TokenOf("acme.admin")).CallAsync(
            HttpMethod.Put, path, Samples.Product(name)))
        {
            Assert.Equal("deferred", written.Headers.GetValues("Cache-Invalidation").Single());
        }

        var watch = Stopwatch.StartNew();

        await Eventually.TrueAsync(
            async () => (string?)(await reading.GetJsonAsync(path))["name"] == name, "the other node shows it");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        link.Mend();
    }

    [Fact]
    public async Task A_process_killed_between_commit_and_invalidation_loses_nothing()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var survivor = new ApiFactory(database, redis.ConnectionString);
        await survivor.StartAsync();
        var reading = survivor.With(fixture.TokenOf("acme.admin"));
        var path = $"/api/v1/products/{(await reading.ProductAsync())["id"]}";
        var port = ChildProcess.FreePort();
        var victim = ChildProcess.Start(
            "dotnet", [typeof(ApiExceptionHandler).Assembly.Location],
            [.. ApiFactory.Environment(database, redis.ConnectionString),
                ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}")]);
        using var writing = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        writing.DefaultRequestHeaders.Authorization = reading.DefaultRequestHeaders.Authorization;
        await victim.UntilAsync(() => IsHealthyAsync(writing));
        var before = (string?)(await writing.PutJsonAsync(path, Samples.Product()))["name"];
        Assert.Equal(before, (string?)(await reading.GetJsonAsync(path))["name"]);
        await Eventually.TrueAsync(async () => await WaitingAsync(database) == 0, "nothing waits");

        // A Redis that does not reply stops the node where it must die: after COMMIT, before any version is raised.
        await redis.PauseAsync();
        var name = Samples.Unique("killed");
        var writingIt = writing.CallAsync(HttpMethod.Put, path, Samples.Product(name));
        await Eventually.TrueAsync(async () => await WaitingAsync(database) == 1, "it is committed");
        await victim.DisposeAsync(); // kill -9
        var watch = Stopwatch.StartNew();
        await redis.ResumeAsync();

        // On a slow machine the response may name a deferred invalidation.
        await Record.ExceptionAsync(() => writingIt);
        await Eventually.TrueAsync(
            async () =>
                (string?)(await reading.GetJsonAsync(path))["name"] == name, "the survivor shows what was committed");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Margin);
        await Eventually.TrueAsync(async () => await WaitingAsync(database) == 0, "the survivor has applied it");
    }

    private static async Task<bool> IsHealthyAsync(HttpClient client)
    {
        try
        {
            using var response = await client.GetAsync(new Uri("/health", UriKind.Relative), Ct);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<int> WaitingAsync(string database)
    {
        await using var source = new UtcMySqlDataSource(database);
        await using var connection = await source.OpenConnectionAsync(Ct);
        return await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM cache_outbox WHERE applied_at IS NULL");
    }
}
