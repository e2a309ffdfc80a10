using ECommerce.Caching;
using ECommerce.Features.Common.Warming;
using ECommerce.Features.Orders;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ECommerce.Api.Tests.Warming;

public sealed class WarmReadTests
{
    private static readonly QueryHash Hash = new("salt"u8.ToArray());

    [Theory]
    [InlineData("")]
    [InlineData("?page=1&limit=10")]
    [InlineData("?limit=20&page=3")]
    [InlineData("?state_ids=9,2,2&is_paid=1&search=%20Rossi%20%26%20Figli%3D%25&order_by=date_add")]
    [InlineData("?date_from=2026-01-01&date_to=2026-03-31&customer_id=0007")]
    [InlineData("?date_to=9999-12-31&unknown=x&utm_source=mail")]
    public async Task Canonical_query_repeats_the_read_of_its_key(string query)
    {
        OrderQuery? repeated = null;
        var read = WarmRead.List(
            OrdersCaching.List, static reader => new OrderQuery(reader), (again, _, _, _) =>
            {
                repeated = again;
                return Task.CompletedTask;
            });
        var hash = Hash.Compute(Parse(query).Canonical);

        var argument = read.ArgumentOf(
            OrdersCaching.List.Key("acme", hash), Known("orders:list:{tenant}:{qhash}", query, 0, hash), Hash);
        await read.RunAsync(new Tenant("acme"), argument!, null!, TestContext.Current.CancellationToken);

        Assert.Equal(hash, Hash.Compute(repeated!.Canonical));
        Assert.DoesNotContain("utm_source", argument);
    }

    [Fact]
    public void Query_that_is_not_known_here_or_hashes_to_another_key_is_not_recorded()
    {
        var read = WarmRead.List(
            OrdersCaching.List, static reader => new OrderQuery(reader), (_, _, _, _) => Task.CompletedTask);
        var key = OrdersCaching.List.Key("acme", "0123456789abcdef0123456789abcdef");

        Assert.Null(read.ArgumentOf(key, new ListQueries(), Hash));
        Assert.Null(read.ArgumentOf(
            key, Known("orders:list:{tenant}:{qhash}", "?limit=20", 0, "0123456789abcdef0123456789abcdef"), Hash));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("?limit=20")]
    public async Task Argument_that_is_not_valid_reads_nothing(string argument)
    {
        var read = WarmRead.ById(OrdersCaching.Order, (_, _, _, _) => throw new InvalidOperationException());

        await read.RunAsync(new Tenant("acme"), argument, null!, TestContext.Current.CancellationToken);
    }

    // The exceptions are policies of one user, those whose keys nothing can be computed from, and pages of shops and of
    // the provider, which warming must not ask for.
    [Fact]
    public void Every_policy_declares_how_it_is_warmed_or_stands_on_a_short_list()
    {
        string[] without =
        [
            "config:{tenant}:{key}", "fatturapa:inv:{tenant}:{sdi}:meta", "fatturapa:pool:{tenant}:{page_token}",
            "invoice:html:{tenant}:{id}", "invoice:xml:{tenant}:{id}", "prestashop:content:{tenant}:{shop_id}:{hash}",
            "prestashop:customers:{tenant}:{shop_id}:{page}",
            "prestashop:orders:{tenant}:{shop_id}:{page}:{hash}", "prestashop:products:{tenant}:{shop_id}:{page}",
            "reads:{tenant}", "statistics:{tenant}:{name}:{qhash}", "user_orders:{tenant}:{user_id}:{qhash}",
        ];

        Assert.Equal(
            without, FeatureRegistration.CachePolicies.Except(FeatureRegistration.WarmReads.Select(read => read.Policy))
                .Select(policy => policy.Pattern).Order(StringComparer.Ordinal));
    }

    private static OrderQuery Parse(string query) =>
        new(new QueryReader(new QueryCollection(QueryHelpers.ParseQuery(query))));

    private static ListQueries Known(string pattern, string query, long of, string hash)
    {
        var memo = new QueryHashMemo();
        memo.Keep(query, of, hash);
        memo.Keep(query, of, hash);
        var queries = new ListQueries();
        queries.Add(pattern, memo);
        return queries;
    }
}
