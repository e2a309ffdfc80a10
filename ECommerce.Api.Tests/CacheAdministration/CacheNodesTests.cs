namespace ECommerce.Api.Tests.CacheAdministration;

public sealed class CacheNodesTests(CacheTenants caches) : IClassFixture<CacheTenants>
{
    [Fact]
    public async Task Statistics_are_summed_over_both_replicas_and_count_the_entries_of_the_own_tenant()
    {
        foreach (var key in (string[])["customer:acme:901", "customer:globex:901"])
        {
            foreach (var api in new[] { caches.One, caches.Two })
                await CacheTenants.ReadAsync(api, key, "value");
        }

        var own = await caches.As("acme.admin").GetJsonAsync("/api/v1/cache/stats");
        var all = await caches.As("super.admin").GetJsonAsync("/api/v1/cache/stats");

        Assert.Equal((2, 4), (Entries(own), Entries(all)));
        Assert.Equal(2, own["nodes"]!.AsArray().Count);
        Assert.Empty(own["missing_nodes"]!.AsArray());
        Assert.True((bool)own["are_others_known"]!);

        static int Entries(System.Text.Json.Nodes.JsonNode figures) => (int)figures["policies"]!.AsArray()
            .Single(policy => (string?)policy!["pattern"] == "customer:{tenant}:{id}")!["entries"]!;
    }

    [Fact]
    public async Task A_key_is_explained_as_each_replica_has_it()
    {
        await CacheTenants.ReadAsync(caches.Two, "product:acme:902", "only there");

        var explained = await caches.As("acme.admin").GetJsonAsync(
            "/api/v1/cache/keys/explain?key=product:acme:902");

        Assert.Equal(
            ["absent", "fresh"], explained["nodes"]!.AsArray().Select(node => (string?)node!["memory"]!["state"]));
        Assert.DoesNotContain("only there", explained.ToJsonString());
    }
}
