using System.Text;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Api;

/// <summary>
/// Responses are cached under the keys of their data, without the user, unless they are the user's own.
/// </summary>
/// <remarks>
/// Each is asked for until it is kept: what another test's write overtakes while it is built is rightly not.
/// </remarks>
public sealed class SharedResponsesTests(ApiFixture fixture)
{
    [Theory]
    [InlineData("product")]
    [InlineData("order")]
    public async Task A_response_is_stored_once_for_all_users_of_a_tenant(string kind)
    {
        var (admin, other) = (fixture.As("acme.admin"), fixture.As("acme.ordini"));
        var id = (long)(kind == "product" ? await admin.ProductAsync() : await admin.OrderAsync())["id"]!;
        var path = $"/api/v1/{kind}s/{id}";

        await Eventually.TrueAsync(async () =>
        {
            Assert.Equal(
                (await admin.GetJsonAsync(path)).ToJsonString(), (await other.GetJsonAsync(path)).ToJsonString());
            return Kept().Any(entry => entry.Key == $"out:{kind}:acme:{id}");
        }, "it is kept under the key of its data");
    }

    [Fact]
    public async Task Responses_about_the_caller_are_stored_per_user()
    {
        foreach (var user in (string[])["acme.admin", "acme.ordini"])
        {
            await Eventually.TrueAsync(async () =>
            {
                await fixture.As(user).GetJsonAsync("/api/v1/me/orders");
                return Kept().Any(
                    entry =>
                        entry.Key.StartsWith($"out:user_orders:acme:{fixture.IdOf(user)}:", StringComparison.Ordinal));
            }, $"the response to {user} is stored");
        }
    }

    [Fact]
    public async Task Equivalent_queries_share_one_response()
    {
        var client = fixture.As("acme.admin");
        var name = Samples.Unique("same");
        await client.ProductAsync(name);
        CacheEntry[] OfName() =>
            [.. Kept().Where(
                entry =>
                    entry is CacheEntry<StoredResponse> { Value: var kept }
                        && Encoding.UTF8.GetString(kept.Body.Span).Contains(name, StringComparison.Ordinal))];

        await Eventually.TrueAsync(async () =>
        {
            foreach (
                var query in (
                    string[])[$"search={name}&active=true", $"page=1&active=true&search={name}",
                    $"unknown=1&order_direction=desc&active=true&search={name}"])
            {
                Assert.Equal(1, (int)(await client.GetJsonAsync($"/api/v1/products?{query}"))["total"]!);
            }
            return OfName().Length > 0;
        }, "a response is stored");

        Assert.StartsWith("out:products:list:acme:", Assert.Single(OfName()).Key);
    }

    [Fact]
    public async Task Two_tenants_with_one_query_have_a_response_each()
    {
        var name = Samples.Unique("both");
        (HttpClient Client, long Id)[] tenants =
        [
            await WithProductAsync("acme"),
            await WithProductAsync("globex"),
        ];

        // More often than the query has to come before its hash is kept.
        for (var i = 0; i < 4; i++)
        {
            foreach (var (client, id) in tenants)
            {
                var found = await client.GetJsonAsync($"/api/v1/products?search={name}&limit=7");
                Assert.Equal(id, (long)Assert.Single(found["items"]!.AsArray())!["id"]!);
            }
        }

        async Task<(HttpClient Client, long Id)> WithProductAsync(string tenant)
        {
            var client = fixture.As($"{tenant}.admin");
            return (client, (long)(await client.ProductAsync(name))["id"]!);
        }
    }

    [Fact]
    public async Task A_query_in_another_order_hits_the_response_to_the_first()
    {
        var client = fixture.As("acme.admin");
        var name = Samples.Unique("order");
        await client.ProductAsync(name);

        await Eventually.TrueAsync(async () =>
        {
            for (var i = 0; i < 4; i++)
                await client.GetJsonAsync($"/api/v1/products?search={name}&active=true&limit=7");
            using var response = await client.GetAsync(
                new Uri($"/api/v1/products?limit=7&active=true&search={name}", UriKind.Relative));
            return response.Headers.GetValues("Cache-Status").Single().Contains("hit", StringComparison.Ordinal);
        }, "the other order hits");
    }

    private IEnumerable<CacheEntry> Kept() =>
        fixture.Services.GetRequiredService<MemoryLayer>().Entries.DistinctBy(entry => entry.Key);
}
