using ECommerce.Caching.SingleFlight;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Tags;

/// <summary>Unused tags are collected: nothing grows with the number of keys ever seen.</summary>
public class TagCollectionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entries_that_ran_out_leave_memory_and_their_tags_the_table()
    {
        await using var node = await CacheNode.StartAsync(null);
        var lives = CacheNode.Product.Key("acme", 1);
        await node.ReadAsync(lives, () => "lives");
        var watched = node.Tags.Count;
        for (var id = 0; id < 50; id++)
            await node.ReadAsync(CacheNode.Page.Key("globex", id), () => "ends", CacheNode.Page);
        Assert.True(node.Tags.Count >= watched + 50);

        node.Clock.Advance(TimeSpan.FromMinutes(11));

        await Eventually.TrueAsync(() => node.Memory.Count == 1, "only what still lives is there");
        await Eventually.TrueAsync(() => node.Tags.Count == watched, "so are its tags");
        Assert.Equal("lives", await node.ReadAsync(lives, () => "factory must not run"));
    }

    [Fact]
    public async Task Tags_that_were_dropped_and_that_nothing_carries_are_forgotten()
    {
        await using var node = await CacheNode.StartAsync(null);
        var watched = node.Tags.Count;
        for (var i = 0; i < 50; i++)
            await node.Cache.RemoveByTagAsync($"customer:acme:{i}", Ct);
        Assert.Equal(watched + 50, node.Tags.Count);

        await Eventually.TrueAsync(() =>
        {
            // Only a round that began after the drop may forget it: a fill from before may still find out that it
            // depends on the tag.
            node.Clock.Advance(TimeSpan.FromMinutes(11));
            return node.Tags.Count == watched;
        }, "the table is as small as before");
    }

    [Fact]
    public async Task A_tag_that_was_dropped_while_a_long_run_goes_on_is_not_forgotten_before_that_has_ended()
    {
        await using var node = await CacheNode.StartAsync(null);
        var key = CacheNode.Product.Key("acme", 1);
        var gate = new Gate();
        var reading = gate.ReadAsync(node, key, "old", Ct, dependsOn: "customer:acme:42");
        await gate.Entered;
        await node.Cache.RemoveByTagAsync("customer:acme:42", Ct);

        for (var round = 0; round < 4; round++)
        {
            await node.ReadAsync(CacheNode.Page.Key("acme", round), () => "ends", CacheNode.Page);
            await Eventually.TrueAsync(() =>
            {
                node.Clock.Advance(TimeSpan.FromMinutes(11));
                return node.Memory.Count == 0;
            }, "a round has begun");
        }
        gate.Open();

        Assert.Equal("old", await reading);
        Assert.Equal("new", await node.ReadAsync(key, () => "new"));
    }

    [Fact]
    public async Task A_dropped_entry_leaves_memory_without_a_read()
    {
        await using var node = await CacheNode.StartAsync(null);
        await node.ReadAsync(CacheNode.Product.Key("acme", 1), () => "dropped");
        await node.ReadAsync(CacheNode.Product.Key("acme", 2), () => "kept");
        node.Tags.DropAll();
        await node.ReadAsync(CacheNode.Product.Key("acme", 3), () => "made since");

        node.Clock.Advance(TimeSpan.FromMinutes(11));

        await Eventually.TrueAsync(() => node.Memory.Count == 1, "only what was made since is there");
    }

    [Fact]
    public async Task Runs_that_failed_are_forgotten_when_their_window_is_over()
    {
        await using var node = await CacheNode.StartAsync(null);
        var runs = node.Services.GetRequiredService<CacheEngine>().Fills.Runs;
        for (var id = 0; id < 50; id++)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(
                async () =>
                await node.ReadAsync(CacheNode.Product.Key("acme", id), () => throw new InvalidOperationException()));
        }
        await node.ReadAsync(CacheNode.Product.Key("acme", 50), () => "value");

        node.Clock.Advance(TimeSpan.FromSeconds(1));

        await Eventually.TrueAsync(() => runs.IsEmpty, "no run is remembered");
    }

    [Fact]
    public async Task Memory_holds_at_most_the_bytes_of_its_setting_values_included()
    {
        await using var node = await CacheNode.StartAsync(null, ("CACHE_MAX_MEM_BYTES", "100000"));

        for (var id = 0; id < 100; id++)
            await node.ReadAsync(CacheNode.Product.Key("acme", id), () => new string('x', 5000));

        // Each takes its text, and some hundred bytes besides.
        Assert.InRange(node.Memory.Count, 15, 19);
        Assert.InRange(node.Memory.Bytes, 15 * 5000, 100_000);
    }

    [Fact]
    public async Task An_eviction_is_counted()
    {
        await using var node = await CacheNode.StartAsync(null, ("CACHE_MAX_MEM_ITEMS", "10"));

        for (var id = 0; id < 100; id++)
            await node.ReadAsync(CacheNode.Product.Key("acme", id), () => "value");

        Assert.Equal(10, node.Memory.Count);
        Assert.Equal(90, node.Count("cache_eviction_total"));
    }
}
