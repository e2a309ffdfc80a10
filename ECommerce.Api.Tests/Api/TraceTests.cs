using ECommerce.Api.Tests.ServiceDefaults;

namespace ECommerce.Api.Tests.Api;

public sealed class TraceTests(ApiFixture fixture)
{
    private static readonly string[] Signals = ["traces", "metrics", "logs"];

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task Trace_of_a_request_holds_its_http_mysql_and_redis_spans(string protocol)
    {
        await using var collector = await OtlpCollector.StartAsync(protocol);
        await using var redis = await LocalRedis.StartNewAsync();
        var (path, port) = ("", "");
        // Without a key no personal data is stored in Redis.
        var key = ("CACHE_ENCRYPTION_KEY", $"k1:{Convert.ToBase64String(new byte[32])}");
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using (var api = new ApiFactory(database, redis.ConnectionString, settings: [.. collector.Settings, key]))
        {
            await api.StartAsync();
            var admin = api.With(fixture.TokenOf("acme.admin"));
            // Until the backplane is connected the node uses memory alone.
            await Eventually.TrueAsync(
                async () =>
                    (string?)(await api.Anonymous().GetJsonAsync("/health/cache"))["status"] == "healthy",
                    "the cache uses Redis");
            path = $"/api/v1/orders/{(await admin.OrderAsync())["id"]}";

            port = $"{admin.BaseAddress!.Port}";
            using var response = await admin.GetAnyAsync(path);

            Assert.Equal("ecommerce; fwd=miss", response.CacheStatus());
        }

        // The entry point of the API disposes its host, and with it exports the rest, after the factory has returned.
        await Eventually.TrueAsync(
            () =>
                Signals.All(
                    signal => collector.Received(signal).Length > 0), "the stopping API has exported its telemetry");
        // By the port: the sources are of the process, so other tests' hosts are exported as well.
        var server = Assert.Single(
            collector.Spans,
            span => span.Kind == OtlpSpan.Server && span.Attributes.GetValueOrDefault("url.path") == path
                && span.Attributes.GetValueOrDefault("server.port") == port);
        Assert.Equal("GET /api/v1/orders/{id:long}", server.Name);
        var trace = collector.Spans.Where(span => span.TraceId == server.TraceId).ToList();
        Assert.Contains(trace, span => span.Source == "MySqlConnector" && IsBelow(span, server));
        Assert.Contains(trace, span => span.Attributes.ContainsValue("redis") && IsBelow(span, server));
        Assert.Contains("cache_miss_total", collector.Received("metrics"), StringComparison.Ordinal);
        Assert.Contains("ECommerce.", collector.Received("logs"), StringComparison.Ordinal);
        Assert.All(
            Signals, signal =>
                Assert.DoesNotContain("tests-only", collector.Received(signal), StringComparison.Ordinal));

        bool IsBelow(OtlpSpan span, OtlpSpan ancestor) =>
            span.ParentId == ancestor.SpanId
                || trace.Any(parent => parent.SpanId == span.ParentId && IsBelow(parent, ancestor));
    }

    [Fact]
    public async Task Polls_of_background_services_are_no_traces()
    {
        await using var collector = await OtlpCollector.StartAsync("grpc");
        await using (
            var api = new ApiFactory(
                await fixture.MySql.CreateDatabaseAsync(), fixture.Redis.ConnectionString,
                settings: collector.Settings))
        {
            await api.StartAsync();
            (await api.Anonymous().GetAnyAsync("/openapi/v1.json")).Dispose();
        }

        await Eventually.TrueAsync(
            () =>
                collector.Spans.Any(span => span.Attributes.GetValueOrDefault("url.path") == "/openapi/v1.json"),
                "the request is exported");
        Assert.DoesNotContain(
            collector.Spans, span => span.ParentId.Length == 0 && span.Attributes.ContainsKey("db.system"));
    }

    [Fact]
    public async Task A_write_is_named_by_its_route_in_the_explanation_of_a_key()
    {
        await using var collector = await OtlpCollector.StartAsync("grpc");
        await using var api = new ApiFactory(
            await fixture.MySql.CreateDatabaseAsync(), fixture.Redis.ConnectionString, settings: collector.Settings);
        await api.StartAsync();
        var admin = api.With(fixture.TokenOf("acme.admin"));
        var product = await admin.PostJsonAsync("/api/v1/products", new { name = "Lampada", price = 12.5m });
        await admin.PutJsonAsync($"/api/v1/products/{product["id"]}", new { name = "Lampada", price = 13.5m });

        var explained = await admin.GetJsonAsync($"/api/v1/cache/keys/explain?key=product:acme:{product["id"]}");

        Assert.Contains(
            "PUT /api/v1/products/{id:long}",
            explained["nodes"]!.AsArray().Select(node => (string?)node!["last_drop"]?["write"]));
    }
}
