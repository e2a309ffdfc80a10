using System.Data.Common;
using System.Net;
using System.Text.Json.Nodes;
using Dapper;
using ECommerce.Features.Accounts.Revocation;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.CacheAdministration.Analytics;

public sealed class CacheEventsStreamTests(CacheTenants caches) : IClassFixture<CacheTenants>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Invalidations_of_both_replicas_arrive_and_those_of_other_tenants_do_not()
    {
        await using var acme = await EventReader.OpenAsync(caches.As("acme.admin"));
        await using var all = await EventReader.OpenAsync(caches.As("super.admin"));
        await acme.NextAsync("figures");
        await all.NextAsync("figures");

        await InvalidateAsync("globex.admin", caches.One, "order:globex:1");
        await InvalidateAsync("acme.admin", caches.Two, "order:acme:2");

        var first = await acme.NextAsync("invalidation");
        Assert.Equal("[\"order:acme:2\"]", first!["tags"]!.ToJsonString());
        Assert.False((bool)first["is_local"]!);
        Assert.EndsWith("Z", (string)first["at"]!);
        Assert.Equal("[\"order:globex:1\"]", (await all.NextAsync("invalidation"))!["tags"]!.ToJsonString());
        Assert.Equal("[\"order:acme:2\"]", (await all.NextAsync("invalidation"))!["tags"]!.ToJsonString());
    }

    [Fact]
    public async Task Figures_are_those_of_the_statistics_and_keys_those_of_the_own_tenant()
    {
        // Not read before: a miss is always counted, a hit in memory only by samples.
        await CacheTenants.ReadAsync(caches.One, "product:acme:9501", "value");
        await CacheTenants.ReadAsync(caches.One, "product:globex:9501", "value");
        await using var events = await EventReader.OpenAsync(caches.As("acme.admin"));

        // The first ones may be from before the reads: streams of a tenant share figures for a second.
        JsonNode figures;
        string[] keys;
        var seen = 0;
        do
        {
            figures = (await events.NextAsync("figures"))!;
            keys = [.. figures["top_keys"]!.AsArray().Select(key => (string)key!["key"]!)];
        }
        while (!keys.Contains("product:acme:9501") && ++seen < 3);

        Assert.Contains("product:acme:9501", keys);
        Assert.All(keys, key => Assert.Contains(":acme", key));
        Assert.Equal(2, figures["nodes"]!.AsArray().Count);
        Assert.Equal(
            figures.AsObject().Select(field => field.Key),
            (await caches.As("acme.admin").GetJsonAsync("/api/v1/cache/stats")).AsObject().Select(field => field.Key));
    }

    [Fact]
    public async Task A_token_in_the_url_is_not_read()
    {
        var token = caches.As("acme.admin").DefaultRequestHeaders.Authorization!.Parameter;

        foreach (var name in (string[])["access_token", "token"])
        {
            using var response = await EventReader.TryOpenAsync(caches.One.Anonymous(), $"?{name}={token}");
            await response.ProblemAsync(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task The_stream_of_a_user_who_is_disabled_ends_with_an_event()
    {
        await using var events = await EventReader.OpenAsync(caches.As("globex.admin", caches.Two));
        await events.NextAsync("figures");

        await using (var connection = await caches.Two.Services.GetRequiredService<DbDataSource>()
            .OpenConnectionAsync(Ct))
        {
            await connection.ExecuteAsync(
                """
                UPDATE users
                SET is_active = 0, token_version = token_version + 1, tokens_revoked_at = UTC_TIMESTAMP(6)
                WHERE username = 'globex.admin'
                """);
        }
        await caches.Two.Services.GetRequiredService<TokenRevocationPoller>().TryLoadAsync();

        Assert.NotNull(await events.NextAsync("expired"));
        Assert.Null(await events.NextAsync("figures"));
    }

    [Fact]
    public async Task A_user_has_20_streams_at_most_and_a_closed_one_makes_room()
    {
        var client = caches.As("acme.admin", caches.Two);
        var open = new List<HttpResponseMessage>();
        try
        {
            while (open.Count < EventStreams.MaxPerUser)
                open.Add(await EventReader.TryOpenAsync(client));
            Assert.All(open, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
            using var refused = await EventReader.TryOpenAsync(client);
            await refused.ProblemAsync(HttpStatusCode.TooManyRequests, "too_many_streams");
        }
        finally
        {
            open.ForEach(response => response.Dispose());
        }
        await Eventually.TrueAsync(async () =>
        {
            using var again = await EventReader.TryOpenAsync(client);
            return again.StatusCode == HttpStatusCode.OK;
        }, "there is room");
    }

    private async Task InvalidateAsync(string user, ApiFactory node, string tag) =>
        (await caches.As(user, node).CallAsync(HttpMethod.Post, "/api/v1/cache/invalidate", new { tag })).Dispose();
}
