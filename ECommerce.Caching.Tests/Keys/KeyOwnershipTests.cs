using ECommerce.Caching.Keys;

namespace ECommerce.Caching.Tests.Keys;

/// <summary>Whose keys, tags and patterns are.</summary>
public class KeyOwnershipTests
{
    [Theory]
    [InlineData("*", "order:acme:\u0001", true)]
    [InlineData("o*:acme:?*", "order:acme:\u0001", true)]
    [InlineData("order:acme:", "order:acme:\u0001", false)]
    [InlineData("order:*:1", "order:acme:\u0001", true)]
    [InlineData("order:*:1:2", "order:acme:\u0001", false)]
    [InlineData("order:*:1:2", "order:acme:\u0001:\u0002", true)]
    [InlineData("order:a[a-d]me:7", "order:acme:\u0001", true)]
    [InlineData("order:a[^c]me:7", "order:acme:\u0001", false)]
    [InlineData("order:acme:[:]", "order:acme:\u0001", false)]
    [InlineData("order:acme:[é]", "order:acme:\u0001", true)]
    [InlineData("order:acme:[unclosed", "order:acme:\u0001", true)]
    [InlineData(@"order:\acme:\*", "order:acme:\u0001", true)]
    [InlineData("order:????:*", "order:acme:\u0001", true)]
    [InlineData("order:??????:*", "order:acme:\u0001", false)]
    [InlineData("", "order:acme:\u0001", false)]
    public void Pattern_reaches_a_form_when_it_covers_some_key_of_it(string pattern, string form, bool reaches) =>
        Assert.Equal(reaches, new PatternReach(pattern).Includes(form));

    [Fact]
    public void A_long_hostile_pattern_is_decided_at_once()
    {
        var reach = new PatternReach(string.Concat(Enumerable.Repeat("*a?[b-z]", 32)));

        Assert.True(reach.Includes("order:acme:\u0001:\u0002"));
    }

    [Theory]
    [InlineData("order:acme:7", "acme")]
    [InlineData("out:order:acme:7", "acme")]
    [InlineData("out:order:acme:7:admin", "acme")]
    [InlineData("products:list:acme:*", "acme")]
    [InlineData("tenant:acme", "acme")]
    [InlineData("user:acme:7", "acme")]
    [InlineData("basket:a%3Ab:7:1", "a%3Ab")]
    [InlineData("products:list:*:*", null)]
    [InlineData("orders:acme:7", null)]
    [InlineData("tenant:*", null)]
    [InlineData("*", null)]
    [InlineData("v:{order:acme:7}", null)]
    public async Task Tenant_of_a_key_or_tag_is_read_from_its_policy(string text, string? tenant)
    {
        await using var node = await CacheNode.StartAsync(null);

        Assert.Equal(tenant, node.Inspector.TenantOf(text));
    }

    [Theory]
    [InlineData("*", false)]
    [InlineData("order:*", false)]
    [InlineData("order:acme:*", false)]
    [InlineData("products:????:*", false)]
    [InlineData("[go]*", false)]
    [InlineData("nothing:of:ours", false)]
    [InlineData("order:globex:*", true)]
    [InlineData("*:globex:*", false)]
    [InlineData("*:7", false)]
    [InlineData("order:g*", true)]
    [InlineData("order:[^a]*", true)]
    [InlineData("order:%61cme:*", true)]
    [InlineData("order:acme2:1", true)]
    [InlineData("out:order:globex:1", true)]
    public async Task Pattern_names_another_tenant_when_it_covers_keys_of_others_only(string pattern, bool names)
    {
        await using var node = await CacheNode.StartAsync(null);

        Assert.Equal(names, node.Inspector.NamesAnotherTenant(pattern, "acme"));
    }

    [Fact]
    public async Task Keys_of_one_tenant_are_listed_counted_and_removed_whatever_the_pattern_covers()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var one = await CacheNode.StartAsync(redis);
        await using var two = await CacheNode.StartAsync(redis);
        var ct = TestContext.Current.CancellationToken;
        var (shared, own, foreign) = ("product:acme:1", "order:acme:1", "order:globex:1");
        foreach (var node in new[] { one, two })
        {
            await node.ReadAsync(shared, () => "old");
            await node.ReadAsync(own, () => "old", CacheNode.Order);
            await node.ReadAsync(foreign, () => "old", CacheNode.Order);
        }
        await two.ReadAsync("product:globex:1", () => "old");

        Assert.Equal([own, shared], (await one.KeysAsync("*", "acme")).Select(row => row.Key).Order());
        Assert.Equal(2, await one.Administration.CountAsync("*:?", "acme", ct));
        var removal = await one.Administration.RemoveAsync("*:?", "acme", ct);

        Assert.Equal((InvalidationOutcome.Applied, 2L), (removal.Outcome, removal.Keys));
        Assert.Equal("new", await two.ReadAsync(shared, () => "new"));
        Assert.Equal("new", await two.ReadAsync(own, () => "new", CacheNode.Order));
        Assert.Equal("old", await two.ReadAsync(foreign, () => "new", CacheNode.Order));
        Assert.Equal("old", await one.ReadAsync("product:globex:1", () => "new"));
    }
}
