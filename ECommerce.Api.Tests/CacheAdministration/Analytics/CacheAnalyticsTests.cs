using System.Net;
using System.Text.Json.Nodes;
using ECommerce.Caching.History;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.CacheAdministration.Analytics;

public sealed class CacheAnalyticsTests(CacheTenants caches) : IClassFixture<CacheTenants>
{
    private const string Route = "/api/v1/cache/analytics";

    [Fact]
    public async Task History_has_the_minutes_of_both_replicas_by_policy()
    {
        await CacheTenants.ReadAsync(caches.One, "product:acme:601", "value");
        await CacheTenants.ReadAsync(caches.Two, "product:acme:601", "value");
        await CacheTenants.ReadAsync(caches.Two, "product:acme:601", "value");
        foreach (var node in new[] { caches.One, caches.Two })
            await node.Services.GetRequiredService<HistorySampler>().SampleAsync(TestContext.Current.CancellationToken);

        var own = await caches.As("acme.admin").GetJsonAsync(Route);
        var all = await caches.As("super.admin").GetJsonAsync($"{Route}?step_minutes=1");

        Assert.Equal((6, 240), ((int)own["step_minutes"]!, own["at"]!.AsArray().Count));
        Assert.Equal(1440, all["at"]!.AsArray().Count);
        Assert.True((bool)own["are_others_known"]!);
        Assert.Equal(2, own["system"]!["nodes"]!.AsArray().Max(count => (int)count!));
        var product = Policy(own);
        Assert.Equal((3, 1), (Sum(Layer(product, "memory"), "hits") + Sum(Layer(product, "memory"), "misses"),
            Sum(product, "factories")));
        Assert.Equal(1, Sum(product["causes"]!, "not_cached"));
        Assert.Contains(Layer(product, "memory")["latency_ms"]!.AsArray(), value => value is not null);
        // Entries of all tenants are not an ADMIN's to see.
        Assert.Equal((null, null), (product["entries"], product["bytes"]));
        Assert.Equal(2, Policy(all)["entries"]!.AsArray().Max(value => (long)value!));
    }

    [Theory]
    [InlineData("?from=yesterday", "from")]
    [InlineData("?from=2026-01-02&to=2026-01-01", "from")]
    [InlineData("?from=2020-01-01&to=2020-01-02", "from")]
    [InlineData("?to=2020-01-01", "from")]
    [InlineData("?step_minutes=61", "step_minutes")]
    public async Task A_time_that_cannot_be_is_400_and_named(string query, string field)
    {
        using var response = await caches.As("acme.admin").GetAnyAsync(Route + query);

        await response.AssertWrongAsync(HttpStatusCode.BadRequest, field);
    }

    [Fact]
    public async Task An_hour_is_shown_minute_by_minute()
    {
        var from = DateTime.UtcNow.AddHours(-1);

        var hour = await caches.As("acme.admin").GetJsonAsync($"{Route}?from={from:yyyy-MM-ddTHH:mm:ss}Z");

        Assert.Equal(1, (int)hour["step_minutes"]!);
        Assert.InRange(hour["at"]!.AsArray().Count, 60, 62);
    }

    private static JsonNode Policy(JsonNode analytics) => analytics["policies"]!.AsArray()
        .Single(policy => (string)policy!["pattern"]! == "product:{tenant}:{id}")!;

    private static JsonNode Layer(JsonNode policy, string name) => policy["layers"]!.AsArray()
        .Single(layer => (string)layer!["layer"]! == name)!;

    private static long Sum(JsonNode of, string column) => of[column]!.AsArray().Sum(value => (long)value!);
}
