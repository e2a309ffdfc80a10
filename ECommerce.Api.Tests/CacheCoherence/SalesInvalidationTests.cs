using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.CacheCoherence;

/// <summary>
/// What writes of quotes, addresses and orders make the caches forget: every response is read on two replicas until it
/// comes from a cache, then one replica writes, and both must show what a process without caches shows.
/// </summary>
public sealed class SalesInvalidationTests(TwoReplicas replicas) : IClassFixture<TwoReplicas>
{
    private readonly HttpClient _first = replicas.First;
    private readonly HttpClient _second = replicas.Second;

    [Fact]
    public async Task Quote_that_is_created_ends_a_cached_404_and_the_lists()
    {
        var known = await _first.QuoteAsync();
        var next = $"/api/v1/quotes/{(long)known["id"]! + 1}";
        foreach (var client in new[] { _first, _second })
            using (await client.GetAnyAsync(next)) { }

        await replicas.ShowAsync(
            () => _first.QuoteAsync(known["customer"]!), "/api/v1/quotes",
            $"/api/v1/quotes?customer_id={known["customer_id"]}");
        foreach (var client in new[] { _first, _second })
            Assert.Equal((long)known["id"]! + 1, (long)(await client.GetJsonAsync(next))["id"]!);
    }

    [Fact]
    public async Task Changed_and_deleted_quote_is_dropped_with_the_lists()
    {
        var quote = await _first.QuoteAsync();
        var path = $"/api/v1/quotes/{quote["id"]}";
        string[] lists = ["/api/v1/quotes", $"/api/v1/quotes?search={quote["customer"]!["lastname"]}"];

        await replicas.ShowAsync(
            () => _first.PutJsonAsync(path, Samples.Quote(quote["customer"]!, 77)), [path, .. lists]);
        await replicas.ShowAsync(() => _first.CallAsync(HttpMethod.Delete, path), [path, .. lists]);
    }

    [Fact]
    public async Task Converted_quote_drops_what_shows_quotes_orders_and_statistics()
    {
        var quote = await _first.QuoteAsync();

        await replicas.ShowAsync(
            () => _first.PostJsonAsync($"/api/v1/quotes/{quote["id"]}/convert"), $"/api/v1/quotes/{quote["id"]}",
            "/api/v1/quotes", "/api/v1/quotes?is_converted=true", "/api/v1/orders",
            $"/api/v1/orders?customer_id={quote["customer_id"]}", "/api/v1/me/orders",
            "/api/v1/statistics/sales?group_by=day");
    }

    [Fact]
    public async Task Renamed_customer_is_shown_by_quotes_and_their_lists()
    {
        var quote = await _first.QuoteAsync();

        await replicas.ShowAsync(
            () => _first.PutJsonAsync($"/api/v1/customers/{quote["customer_id"]}", Samples.Customer("Nuovo")),
            $"/api/v1/quotes/{quote["id"]}", "/api/v1/quotes");
    }

    [Fact]
    public async Task Created_address_is_in_the_lists_of_all_customers_and_of_its_own()
    {
        var customer = await _first.CustomerAsync();
        var known = await _first.AddressAsync(customer);
        var next = $"/api/v1/addresses/{(long)known["id"]! + 1}";
        foreach (var client in new[] { _first, _second })
            using (await client.GetAnyAsync(next)) { }

        await replicas.ShowAsync(
            () => _first.AddressAsync(customer), "/api/v1/addresses", $"/api/v1/addresses?customer_id={customer["id"]}",
            $"/api/v1/customers/{customer["id"]}/addresses");
        foreach (var client in new[] { _first, _second })
            Assert.Equal((long)known["id"]! + 1, (long)(await client.GetJsonAsync(next))["id"]!);
    }

    [Fact]
    public async Task Changed_address_drops_its_entry_lists_open_quotes_and_orders()
    {
        var customer = await _first.CustomerAsync();
        var address = await _first.AddressAsync(customer);
        var quote = await _first.QuoteAsync(customer, address: address);
        var order = await _first.PostJsonAsync("/api/v1/orders", Samples.Quote(customer, address: address));

        await replicas.ShowAsync(
            () => _first.PutJsonAsync($"/api/v1/addresses/{address["id"]}", Samples.Address(customer, "Asti")),
            $"/api/v1/addresses/{address["id"]}", "/api/v1/addresses?search=Asti",
            $"/api/v1/customers/{customer["id"]}/addresses", $"/api/v1/quotes/{quote["id"]}",
            // Its address is another row now, with the same content.
            $"/api/v1/orders/{order["id"]}");
    }

    [Fact]
    public async Task Deleted_address_is_gone_from_entry_and_lists()
    {
        var customer = await _first.CustomerAsync();
        var path = $"/api/v1/addresses/{(await _first.AddressAsync(customer))["id"]}";

        await replicas.ShowAsync(
            () => _first.CallAsync(HttpMethod.Delete, path), path, "/api/v1/addresses",
            $"/api/v1/customers/{customer["id"]}/addresses");
    }

    [Fact]
    public async Task Renamed_country_is_shown_by_addresses_and_quotes()
    {
        var customer = await _first.CustomerAsync();
        var address = await _first.AddressAsync(customer);
        var quote = await _first.QuoteAsync(customer, address: address);

        await replicas.ShowAsync(
            () => RenameCountryAsync("Repubblica Italiana"), $"/api/v1/addresses/{address["id"]}", "/api/v1/addresses",
            $"/api/v1/customers/{customer["id"]}/addresses", $"/api/v1/quotes/{quote["id"]}");
    }

    [Theory]
    [InlineData("update")]
    [InlineData("patch")]
    [InlineData("status")]
    [InlineData("process")]
    [InlineData("delete")]
    public async Task Every_write_of_an_order_is_in_its_history_on_both_replicas(string write)
    {
        var order = await _first.OrderAsync();
        var path = $"/api/v1/orders/{order["id"]}";

        await replicas.ShowAsync(
            () => write switch
            {
                "update" => _first.CallAsync(HttpMethod.Put, path, Samples.Quote(order["customer"]!, 77)),
                "patch" => _first.CallAsync(HttpMethod.Patch, path, new { notes = "Fragile" }),
                "status" => _first.CallAsync(HttpMethod.Patch, $"{path}/status", new { state_id = 2 }),
                "process" => _first.CallAsync(HttpMethod.Post, $"{path}/process"),
                _ => _first.CallAsync(HttpMethod.Delete, path),
            },
            path, $"{path}/history");
    }

    [Fact]
    public async Task Write_of_one_row_leaves_the_entries_of_others()
    {
        var customer = await _first.CustomerAsync();
        var (one, other) = (await _first.QuoteAsync(customer), await _first.QuoteAsync(customer));
        var kept = $"/api/v1/quotes/{other["id"]}";
        using (await _second.HitAsync(kept)) { }

        await _first.PutJsonAsync($"/api/v1/quotes/{one["id"]}", Samples.Quote(customer, 77));
        await _first.AddressAsync(customer);

        using var hit = await _second.GetAnyAsync(kept);
        Assert.StartsWith("ecommerce; hit", hit.CacheStatus(), StringComparison.Ordinal);
    }

    private async Task<object> RenameCountryAsync(string name)
    {
        await using var tx = await replicas.Services.GetRequiredService<WriteTransactions>()
            .BeginAsync(new Tenant("acme"), TestContext.Current.CancellationToken);
        var country = await tx.Db.Countries.Where(c => c.Id == 1).ForUpdate()
            .SingleAsync(TestContext.Current.CancellationToken);
        country.Name = name;
        await tx.CommitAsync(TestContext.Current.CancellationToken);
        return name;
    }
}
