using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Api;

public sealed class LogTests(ApiFixture fixture)
{
    [Fact]
    public async Task A_request_finds_its_id_in_the_events_of_the_cache()
    {
        var file = Path.Combine(Path.GetTempPath(), $"ecommerce-log-{Guid.NewGuid():N}");
        try
        {
            await using var api = new ApiFactory(
                await fixture.MySql.CreateDatabaseAsync(), fixture.Redis.ConnectionString,
                settings: [("LOG_FILE", file), ("CACHE_LOG_LEVEL", "debug")]);
            await api.StartAsync();
            var admin = api.With(fixture.TokenOf("acme.admin"));
            var id = (long)(await admin.ProductAsync())["id"]!;
            var path = $"/api/v1/products/{id}";

            (await admin.CallAsync(HttpMethod.Get, path, null, ("X-Request-ID", "first-1"))).Dispose();
            (await admin.CallAsync(HttpMethod.Get, path, null, ("X-Request-ID", "second-2"))).Dispose();
            (await admin.CallAsync(HttpMethod.Put, path, Samples.Product(), ("X-Request-ID", "third-3"))).Dispose();

            JsonNode[] events = [];
            await Eventually.TrueAsync(
                async () =>
                {
                    var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
                    events = [.. lines.Where(line => line.EndsWith('}')).Select(line => JsonNode.Parse(line)!).Where(
                        line => (string?)line["correlation_id"] is "first-1" or "second-2" or "third-3")];
                    return events.Any(
                        line =>
                            (string?)line["correlation_id"] == "third-3"
                                && (string?)line["event"] == "cache_invalidate");
                },
                "the invalidation is in the file");
            var miss = Assert.Single(events, line => (string?)line["event"] == "cache_miss");
            Assert.Equal(($"product:acme:{id}", "first-1"), ((string?)miss["key"], (string?)miss["correlation_id"]));
            var hit = Assert.Single(events, line => (string?)line["event"] == "cache_hit");
            Assert.Equal(
                ["event", "key", "layer", "ttl_remaining", "correlation_id", "timestamp"], hit.AsObject()
                    .Select(field => field.Key));
            Assert.Equal(
                ($"out:product:acme:{id}", "output", "second-2"), (
                    (string?)hit["key"], (string?)hit["layer"], (string?)hit["correlation_id"]));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
