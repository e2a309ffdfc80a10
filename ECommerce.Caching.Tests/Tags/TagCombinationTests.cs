using ECommerce.Caching.Policies;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Tags;

/// <summary>
/// Entries that carry all of several tags are invalidated together, and those that carry some are not.
/// </summary>
public class TagCombinationTests : RedisTests
{
    private static readonly string[] Both = ["category:acme:5", "brand:acme:7"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entries_with_all_of_the_tags_are_invalidated_on_all_nodes_in_both_layers_and_others_stay()
    {
        await using var redis = await StartRedisAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        await ReadAsync(a, 1, "old", Both);
        await ReadAsync(a, 2, "category only", "category:acme:5");
        await ReadAsync(a, 3, "brand only", "brand:acme:7", "category:acme:6");
        await ReadAsync(a, 4, "old", [.. Both, "category:acme:6"]);
        await a.StoredAsync();
        Assert.Equal("old", await ReadAsync(b, 1, "factory must not run", Both));

        await a.Invalidator.InvalidateAllOfAsync(Both, Ct);

        // On b entry 1 is in L1 and entry 4 in Redis alone.
        Assert.Equal("new", await ReadAsync(b, 1, "new", Both));
        Assert.Equal("new", await ReadAsync(b, 4, "new", Both));
        Assert.Equal("category only", await ReadAsync(a, 2, "factory must not run", "category:acme:5"));
        Assert.Equal("brand only", await ReadAsync(a, 3, "factory must not run", "brand:acme:7"));
        Assert.Equal("category only", await ReadAsync(b, 2, "factory must not run", "category:acme:5"));
    }

    [Fact]
    public async Task Parameters_of_the_key_and_tags_that_it_implies_take_part()
    {
        await using var node = await CacheNode.StartAsync(null);
        var (mine, others) = (CacheNode.Basket.Key("acme", 5, "a"), CacheNode.Basket.Key("acme", 6, "a"));
        await node.ReadAsync(mine, () => "old", CacheNode.Basket);
        await node.ReadAsync(others, () => "other user's", CacheNode.Basket);

        await node.Invalidator.InvalidateAllOfAsync([CacheTags.User("acme", 5), CacheNode.Basket.All("acme")], Ct);

        Assert.Equal("new", await node.ReadAsync(mine, () => "new", CacheNode.Basket));
        Assert.Equal("other user's", await node.ReadAsync(others, () => "factory must not run", CacheNode.Basket));
    }

    [Fact]
    public async Task Fill_that_finds_the_tags_only_while_it_loads_is_not_stored_after_the_invalidation()
    {
        await using var redis = await StartRedisAsync();
        await using var a = await CacheNode.StartAsync(redis);
        await using var b = await CacheNode.StartAsync(redis);
        var (entered, open) = (new TaskCompletionSource(), new TaskCompletionSource());
        var before = LoadAsync("old", open.Task);
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);

        await b.Invalidator.InvalidateAllOfAsync(Both, Ct);
        open.SetResult();
        await before;
        await a.StoredAsync();

        Assert.Equal("new", await LoadAsync("new", Task.CompletedTask));
        await a.StoredAsync();
        Assert.Equal("new", await ReadAsync(b, 1, "factory must not run"));

        Task<string> LoadAsync(string value, Task until) => a.Cache.GetOrCreateAsync(
            Key(1), value, async (value, context, _) =>
            {
                entered.TrySetResult();
                await until;
                Array.ForEach(Both, context.DependsOn);
                return value;
            }, CacheNode.Tagged, Ct).AsTask();
    }

    [Fact]
    public async Task Tag_of_a_combination_is_invalidated_like_any_other_as_by_a_relay()
    {
        await using var node = await CacheNode.StartAsync(null);
        await ReadAsync(node, 1, "old", Both);

        await node.Invalidator.InvalidateAsync([CacheNode.Tagged.AllOf(Both[1], Both[0])], Ct);

        Assert.Equal("new", await ReadAsync(node, 1, "new", Both));
    }

    [Fact]
    public async Task Entry_from_before_the_combination_was_declared_is_a_miss()
    {
        await using var redis = await StartRedisAsync();
        await using var earlier = await CacheNode.StartAsync(redis);
        await using var later = await CacheNode.StartAsync(redis);
        var state = earlier.Services.GetRequiredService<PolicyRegistry>().Find(Key(1), CacheNode.Tagged.Options)!;
        typeof(PolicyState).GetProperty(nameof(PolicyState.Combinations))!
            .SetValue(state, Array.Empty<TagCombination>());
        await ReadAsync(earlier, 1, "without", Both);
        await earlier.StoredAsync();

        Assert.Equal("with", await ReadAsync(later, 1, "with"));
    }

    [Fact]
    public async Task Combination_that_no_policy_declares_is_refused_naming_the_tags()
    {
        await using var node = await CacheNode.StartAsync(null);

        var error = await Assert.ThrowsAsync<ArgumentException>(
            async () => await node.Invalidator.InvalidateAllOfAsync(["category:acme:5", "supplier:acme:9"], Ct));
        var ofPolicy = Assert.Throws<ArgumentException>(() => CacheNode.Product.AllOf(Both));

        Assert.StartsWith(
            "No cache policy declares the combination of the tags 'category:acme:5' and 'supplier:acme:9'",
            error.Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Cache policy 'product:{tenant}:{id}' does not declare the combination", ofPolicy.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Value_with_more_combinations_than_an_entry_has_tags_is_returned_and_not_stored()
    {
        await using var node = await CacheNode.StartAsync(null);
        string[] tags =
            [.. Enumerable.Range(0, 12).SelectMany(static n => new[] { $"category:acme:{n}", $"brand:acme:{n}" })];

        Assert.Equal("1", await ReadAsync(node, 1, "1", tags));
        Assert.Equal("2", await ReadAsync(node, 1, "2", tags));
    }

    [Fact]
    public void Declarations_that_can_match_no_entry_are_refused_naming_the_policy()
    {
        IReadOnlyList<string>[] bad =
            [["a:{tenant}"], ["a", "a"], ["a", "*"], ["a", " "], ["1", "2", "3", "4", "5"], ["a", "&b"]];

        Assert.All(bad, one => Assert.Contains(
            "'p:{tenant}'", Assert.Throws<ArgumentException>(() => Declare([one])).Message, StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(
            () => Declare([.. Enumerable.Range(0, 9).Select(static n => new[] { "a", $"b{n}" })]));

        static CachePolicy Declare(IReadOnlyList<IReadOnlyList<string>> combinations) =>
            new("p:{tenant}", TimeSpan.FromMinutes(1), TimeSpan.Zero) { TagCombinations = combinations };
    }

    [Theory]
    [InlineData("a&b", "c", "a", "b&c")]
    [InlineData("a%26b", "c", "a&b", "c")]
    public void Combinations_of_different_tags_have_different_tags(string a, string b, string c, string d)
    {
        Assert.NotEqual(CacheTags.AllOf([a, b]), CacheTags.AllOf([c, d]));
        Assert.Equal(CacheTags.AllOf([a, b]), CacheTags.AllOf([b, a, b]));
    }

    [Fact]
    public async Task Tag_that_looks_like_a_combination_is_refused_on_an_entry()
    {
        await using var node = await CacheNode.StartAsync(null);

        await Assert.ThrowsAsync<ArgumentException>(async () => await ReadAsync(node, 1, "value", "&a&b"));
    }

    private static string Key(int id) => CacheNode.Tagged.Key("acme", id);

    private static async Task<string> ReadAsync(CacheNode node, int id, string value, params string[] tags) =>
        await node.StoredAsync(node.Cache.GetOrCreateAsync(
            Key(id), value, static (v, _) => new ValueTask<string>(v), CacheNode.Tagged.Options, tags, Ct));
}
