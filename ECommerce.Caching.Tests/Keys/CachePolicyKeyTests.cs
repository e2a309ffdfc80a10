using ECommerce.Caching.Policies;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Tests.Keys;

public class CachePolicyKeyTests
{
    private static readonly CachePolicy Pages = new(
        "prestashop:orders:{tenant}:{shop_id}:{page}:{hash}", TimeSpan.FromMinutes(2), TimeSpan.Zero)
    {
        Tags = ["prestashop:*:{tenant}:{shop_id}:*"],
    };

    [Fact]
    public void A_key_is_its_pattern_with_the_values_in_place()
    {
        Assert.Equal("order:acme:123", CacheNode.Order.Key("acme", 123));
        Assert.Equal("prestashop:orders:acme:7:2:ab", Pages.Key("acme", 7, 2, "ab"));
    }

    [Theory]
    [InlineData("a:b", "a%3Ab")]
    [InlineData("*", "%2A")]
    [InlineData("?[x]{y}\\%", "%3F%5Bx%5D%7By%7D%5C%25")]
    [InlineData("a b\n", "a%20b%0A")]
    [InlineData("Nicolò", "Nicolò")]
    [InlineData("", "%")]
    public void Separators_and_invisible_characters_are_escaped_in_keys(string value, string escaped) =>
        Assert.Equal("order:acme:" + escaped, CacheNode.Order.Key("acme", value));

    [Fact]
    public void Half_a_surrogate_pair_is_escaped_as_its_code_unit() =>
        Assert.Equal("order:acme:%uD800", CacheNode.Order.Key("acme", "\ud800"));

    [Fact]
    public void No_two_parameter_lists_share_a_key()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        const string Alphabet = ":*?[]{}\\% \n\taA0u\ud83d\ude00\ud800é\u2003\u0085";
        var keys = new Dictionary<string, string>();

        for (var i = 0; i < 50_000; i++)
        {
            var values = Enumerable.Range(
                0, 4).Select(
                    _ =>
                        new string(
                            [.. Enumerable.Range(0, random.Next(4)).Select(
                                _ => Alphabet[random.Next(Alphabet.Length)])])).ToArray();
            var key = Pages.Key(values[0], values[1], values[2], values[3]);
            var list = string.Join('\u0001', values);

            Assert.True(
                keys.TryAdd(key, list) || keys[key] == list, $"seed {seed}: '{key}' is the key of two parameter lists");
            Assert.DoesNotContain(key, char.IsWhiteSpace);
            Assert.Equal(5, key.Count(c => c == ':'));
        }
    }

    [Fact]
    public void All_names_the_part_of_one_tenant()
    {
        Assert.Equal("order:acme:*", CacheNode.Order.All("acme"));
        Assert.Equal("prestashop:orders:acme:*", Pages.All("acme"));
        Assert.Equal(
            "order_states:acme", new CachePolicy("order_states:{tenant}", TimeSpan.FromHours(1), TimeSpan.Zero)
                .All("acme"));
    }

    [Fact]
    public void An_entry_carries_its_key_and_what_the_key_implies()
    {
        var registry = new PolicyRegistry([Pages], new CacheSettings());

        var key = Pages.Key("acme", 7, 1, "ff");
        var tags = registry.Find(key, Pages.Options)!.TagsOf(key);

        Assert.Equal(
            ["prestashop:orders:acme:7:1:ff", "prestashop:orders:acme:*", "tenant:acme", "prestashop:*:acme:7:*", "*"],
            tags);
    }

    [Theory]
    [InlineData("prestashop:orders:acme:7:1:ff", "prestashop:orders:acme:7:1:ff")]
    [InlineData("prestashop:orders:acme:7:1:ff:ADMIN", "prestashop:orders:acme:7:1:ff")]
    [InlineData("prestashop:orders:acme:7:1", null)]
    [InlineData("unknown:acme", null)]
    public void A_response_falls_under_the_policy_of_the_data_it_shows(string responseKey, string? dataKey) =>
        Assert.Equal(dataKey, new PolicyRegistry([Pages], new CacheSettings()).FindByResponse(responseKey)?.DataKey);

    [Theory]
    [InlineData("order:{id}", "without {tenant}")]
    [InlineData("{tenant}:x", "first segment")]
    [InlineData("order:{tenant}:{tenant}", "twice")]
    [InlineData("order::{tenant}", "neither a literal nor")]
    [InlineData("order:{tenant}:a*", "neither a literal nor")]
    public void A_malformed_pattern_is_refused_by_name(string pattern, string why)
    {
        var refusal = Assert.Throws<ArgumentException>(
            () => new CachePolicy(pattern, TimeSpan.FromMinutes(1), TimeSpan.Zero));

        Assert.Contains(pattern, refusal.Message);
        Assert.Contains(why, refusal.Message);
    }

    [Fact]
    public void A_lifetime_out_of_range_is_refused_by_name()
    {
        Assert.Contains(
            "'a:{tenant}'", Assert.Throws<ArgumentException>(
                () => new CachePolicy("a:{tenant}", TimeSpan.Zero, TimeSpan.Zero)).Message);
        Assert.Contains(
            "'a:{tenant}'", Assert.Throws<ArgumentException>(
                () => new CachePolicy("a:{tenant}", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(-1))).Message);
    }

    [Fact]
    public void Two_policies_with_one_pattern_stop_the_start()
    {
        var twin = new CachePolicy(Pages.Pattern, TimeSpan.FromMinutes(1), TimeSpan.Zero);

        Assert.Contains(
            Pages.Pattern, Assert.Throws<InvalidOperationException>(
                () => new PolicyRegistry([Pages, twin], new CacheSettings())).Message);
    }

    [Fact]
    public void The_cache_cannot_be_added_with_two_of_them()
    {
        var twin = new CachePolicy(Pages.Pattern, TimeSpan.FromMinutes(1), TimeSpan.Zero);

        Assert.Contains(
            Pages.Pattern, Assert.Throws<InvalidOperationException>(
                () =>
                    new ServiceCollection()
                        .AddMultiLevelCache(new ConfigurationBuilder().Build(), Pages, twin)).Message);
    }

    [Fact]
    public void A_tag_with_a_parameter_that_the_pattern_does_not_have_stops_the_start()
    {
        var policy = new CachePolicy(
            "a:{tenant}", TimeSpan.FromMinutes(1), TimeSpan.Zero)
        { Tags = ["b:{tenant}:{shop_id}"] };

        var refusal = Assert.Throws<InvalidOperationException>(() => new PolicyRegistry([policy], new CacheSettings()));

        Assert.Contains("'a:{tenant}'", refusal.Message);
        Assert.Contains("{shop_id}", refusal.Message);
    }

    [Fact]
    public void A_query_hash_does_not_depend_on_order_or_repetition()
    {
        var hash = new QueryHash("salt"u8.ToArray());
        KeyValuePair<string, string> page = new("page", "2"), state = new("state_ids", "1"), other = new(
            "state_ids", "2");

        Assert.Equal(hash.Compute([page, state, other]), hash.Compute([other, page, state, page]));
        Assert.NotEqual(hash.Compute([page]), hash.Compute([state]));
        Assert.NotEqual(hash.Compute([new("ab", "c")]), hash.Compute([new("a", "bc")]));
        Assert.NotEqual(hash.Compute([page]), new QueryHash("other"u8.ToArray()).Compute([page]));
        Assert.Matches("^[0-9a-f]{32}$", hash.Compute([page]));
    }
}
