using ECommerce.Features.Data.Entities.Invoices;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Invoicing;

/// <summary>
/// What writes of invoices make the caches forget: every response is read on two replicas until it comes from a cache,
/// then one replica writes, and both must show what a process without caches shows.
/// </summary>
public sealed class InvoiceInvalidationTests(ApiFixture fixture) : IAsyncLifetime
{
    private LocalRedis _redis = null!;
    private ApiFactory[] _apis = [];
    private HttpClient _first = null!;
    private HttpClient _second = null!;
    private HttpClient _uncached = null!;

    public async ValueTask InitializeAsync()
    {
        _redis = await LocalRedis.StartNewAsync();
        var database = await fixture.MySql.CreateDatabaseAsync();
        _apis =
        [
            new ApiFactory(database, _redis.ConnectionString), new ApiFactory(database, _redis.ConnectionString),
            new ApiFactory(database, _redis.ConnectionString, "Development", ("CACHE_ENABLED", "false")),
        ];
        await Task.WhenAll(_apis.Select(api => api.StartAsync()));
        HttpClient[] clients = [.. _apis.Select(api => api.With(fixture.TokenOf("acme.admin")))];
        (_first, _second, _uncached) = (clients[0], clients[1], clients[2]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var api in _apis)
            await api.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Created_invoice_ends_a_cached_404_and_the_lists()
    {
        var known = await _first.InvoiceAsync();
        var order = await _first.InvoiceableOrderAsync();
        var next = $"/api/v1/invoices/{(long)known["id"]! + 1}";
        foreach (var client in new[] { _first, _second })
            using (await client.GetAnyAsync(next)) { }

        await ShowsAsync(
            () => _first.PostJsonAsync($"/api/v1/orders/{order["id"]}/invoice"), "/api/v1/invoices",
            $"/api/v1/invoices?customer_id={order["customer_id"]}");
        foreach (var client in new[] { _first, _second })
            Assert.Equal((long)known["id"]! + 1, (long)(await client.GetJsonAsync(next))["id"]!);
    }

    [Fact]
    public async Task Created_invoice_drops_the_entry_of_its_order_on_both_replicas()
    {
        var order = await _first.InvoiceableOrderAsync();
        var path = $"/api/v1/orders/{order["id"]}";
        foreach (var client in new[] { _first, _second })
            using (await client.HitAsync(path)) { }

        await _first.PostJsonAsync($"{path}/invoice");

        foreach (var client in new[] { _first, _second })
        {
            using var read = await client.GetAnyAsync(path);
            Assert.DoesNotContain("hit", read.CacheStatus(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Credit_note_is_shown_by_its_invoice_and_the_lists()
    {
        var invoice = await _first.InvoiceAsync();

        await ShowsAsync(
            () => _first.PostJsonAsync($"/api/v1/invoices/{invoice["id"]}/credit-note", new { }),
            $"/api/v1/invoices/{invoice["id"]}", "/api/v1/invoices", $"/api/v1/invoices?order_id={invoice["order_id"]}");
    }

    [Fact]
    public async Task Stored_notification_is_shown_by_its_invoice_and_moves_the_version()
    {
        var invoice = await _first.InvoiceAsync();
        var path = $"/api/v1/invoices/{invoice["id"]}";

        await ShowsAsync(() => NotifyAsync((long)invoice["id"]!), path, $"{path}/notifications");

        var shown = await _second.GetJsonAsync(path);
        Assert.Equal((long)invoice["row_version"]! + 1, (long)shown["row_version"]!);
        Assert.Equal("00404", (string?)shown["notifications"]![0]!["errors"]![0]!["code"]);
    }

    [Fact]
    public async Task File_and_page_are_served_from_caches_with_a_tag_and_304()
    {
        var invoice = await _first.InvoiceAsync();

        foreach (var part in new[] { "", "/xml", "/html", "/notifications" })
        {
            var path = $"/api/v1/invoices/{invoice["id"]}{part}";
            using var hit = await _second.HitAsync(path);
            using var same = await _second.CallAsync(
                HttpMethod.Get, path, null, ("If-None-Match", hit.Headers.ETag!.Tag));
            Assert.Equal(System.Net.HttpStatusCode.NotModified, same.StatusCode);
            if (part == "/html")
                Assert.True(hit.Headers.Contains("Content-Security-Policy"));
        }
    }

    private async Task<object> NotifyAsync(long invoice)
    {
        await using var tx = await _apis[0].Services.GetRequiredService<WriteTransactions>()
            .BeginAsync(new Tenant("acme"), TestContext.Current.CancellationToken);
        tx.Db.Add(new InvoiceNotification
        {
            InvoiceId = invoice,
            Kind = "NS",
            SdiId = "123",
            FileName = "IT01234567897_00001.xml",
            Errors = """[{"code":"00404","description":"Fattura duplicata"}]""",
            ReceivedAt = DateTime.UtcNow,
        });
        await tx.CommitAsync(TestContext.Current.CancellationToken);
        return invoice;
    }

    /// <summary>
    /// Every path is a hit on both replicas before the write, and differs afterwards as it does without caches.
    /// </summary>
    private async Task ShowsAsync<T>(Func<Task<T>> write, params string[] paths)
    {
        var before = new Dictionary<string, string>();
        foreach (var path in paths)
        {
            using (await _first.HitAsync(path)) { }
            using (await _second.HitAsync(path)) { }
            before[path] = await ReadAsync(_first, path);
        }

        var written = await write();
        if (written is HttpResponseMessage response)
        {
            Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}");
            response.Dispose();
        }

        foreach (var path in paths)
        {
            var now = await ReadAsync(_uncached, path);
            Assert.NotEqual(before[path], now);
            Assert.Equal(now, await ReadAsync(_first, path));
            Assert.Equal(now, await ReadAsync(_second, path));
        }
    }

    private static async Task<string> ReadAsync(HttpClient client, string path)
    {
        using var response = await client.GetAnyAsync(path);
        // An error has the trace id of its request.
        return response.IsSuccessStatusCode
            ? (await response.JsonAsync()).ToJsonString()
            : $"{(int)response.StatusCode}";
    }
}
