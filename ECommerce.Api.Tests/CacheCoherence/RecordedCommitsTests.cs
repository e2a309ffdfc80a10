using System.Data.Common;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.CacheCoherence;

/// <summary>
/// Triggers record every row that a commit changed; the outbox row of the same transaction must hold the row's tags.
/// They see statements that bypass the change tracker too.
/// </summary>
public sealed class RecordedCommitsTests(ApiFixture fixture) : IAsyncLifetime
{
    /// <summary>The tag that a row of each table must have in the outbox, as SQL over the row's columns.</summary>
    private static readonly Dictionary<string, string> Tags = new()
    {
        ["orders"] = "CONCAT('order:', ROW.tenant_id, ':', ROW.id)",
        ["order_lines"] = "CONCAT('order:', ROW.tenant_id, ':', ROW.order_id)",
        ["order_history"] = "CONCAT('orders:history:', ROW.tenant_id, ':', ROW.order_id)",
        ["order_changes"] = "CONCAT('orders:history:', ROW.tenant_id, ':', ROW.order_id)",
        ["quotes"] = "CONCAT('quote:', ROW.tenant_id, ':', ROW.id)",
        ["quote_lines"] = "CONCAT('quote:', ROW.tenant_id, ':', ROW.quote_id)",
        ["invoices"] = "CONCAT('invoice:', ROW.tenant_id, ':', ROW.id)",
        ["invoice_items"] = "CONCAT('invoice:', ROW.tenant_id, ':', ROW.invoice_id)",
        ["invoice_files"] = "CONCAT('invoice:', ROW.tenant_id, ':', ROW.invoice_id)",
        ["invoice_notifications"] = "CONCAT('invoice:notifications:', ROW.tenant_id, ':', ROW.invoice_id)",
        ["customers"] = "CONCAT('customer:', ROW.tenant_id, ':', ROW.id)",
        ["addresses"] = "CONCAT('address:', ROW.tenant_id, ':', ROW.id)",
        ["products"] = "CONCAT('product:', ROW.tenant_id, ':', ROW.id)",
        ["order_states"] = "CONCAT('order_states:', ROW.tenant_id)",
        ["categories"] = "CONCAT('categories:', ROW.tenant_id)",
        ["brands"] = "CONCAT('brands:', ROW.tenant_id)",
        ["carriers"] = "CONCAT('carriers:', ROW.tenant_id)",
        ["countries"] = "CONCAT('countries:', ROW.tenant_id)",
        ["langs"] = "CONCAT('langs:', ROW.tenant_id)",
        ["shops"] = "CONCAT('shops:', ROW.tenant_id)",
    };

    private ApiFactory _api = null!;
    private HttpClient _admin = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = new ApiFactory(await fixture.MySql.CreateDatabaseAsync(), fixture.Redis.ConnectionString);
        await _api.StartAsync();
        await using var connection = await ConnectAsync();
        _admin = _api.With(_api.Token(
            await connection.ExecuteScalarAsync<int>(
                "SELECT id FROM users WHERE username = 'acme.admin'"), "acme.admin", "acme", "ADMIN"));
        // Rolled back with its transaction; the sequence orders what one connection does.
        await connection.ExecuteAsync("""
            CREATE TABLE recorded_changes (
                seq BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, connection BIGINT NOT NULL,
                tag VARCHAR(190) NULL, outbox MEDIUMTEXT NULL)
            """);
        foreach (var (table, tag) in Tags)
        {
            // Watermarks of a shop are shown by no response.
            var shown = table == "shops" ? "OLD.row_version <> NEW.row_version OR OLD.name <> NEW.name" : "TRUE";
            await RecordAsync("INSERT", "NEW");
            await RecordAsync("UPDATE", "OLD");
            await RecordAsync("DELETE", "OLD");

            Task RecordAsync(string change, string row) => connection.ExecuteAsync($"""
                CREATE TRIGGER record_{table}_{change} AFTER {change} ON {table} FOR EACH ROW
                INSERT INTO recorded_changes (connection, tag)
                SELECT CONNECTION_ID(), {tag.Replace("ROW", row, StringComparison.Ordinal)} FROM DUAL
                WHERE {(change == "UPDATE" ? shown : "TRUE")}
                """);
        }
        await connection.ExecuteAsync("""
            CREATE TRIGGER record_outbox AFTER INSERT ON cache_outbox FOR EACH ROW
            INSERT INTO recorded_changes (connection, outbox) VALUES (CONNECTION_ID(), NEW.tags)
            """);
    }

    public async ValueTask DisposeAsync() => await _api.DisposeAsync();

    [Fact]
    public async Task Every_changed_row_has_its_tag_in_the_outbox_row_of_its_transaction()
    {
        await WriteEverythingAsync();

        var seen = await AssertRecordedAsync();

        Assert.Superset(
            new HashSet<string>(
                ["order", "orders", "quote", "invoice", "address", "customer", "product", "shops"]),
            seen.Select(tag => tag.Split(':')[0]).ToHashSet());
    }

    [Fact]
    public async Task Imported_row_has_its_tag_in_the_outbox_row_of_its_transaction()
    {
        await using var shop = new Mocks.PrestaShopMock(
            ("orders", "40"), ("customers", "20"), ("products", "20"), ("addresses", "30"));
        var created = await _admin.PostJsonAsync(
            "/api/v1/shops",
            new { name = "mock", base_url = shop.Client.BaseAddress, api_key = Mocks.PrestaShopMock.Key });

        await SyncAsync((int)created["id"]!);
        await SyncAsync((int)created["id"]!);

        var seen = await AssertRecordedAsync();
        Assert.Superset(
            Tags.Where(tag => !tag.Key.StartsWith("quote", StringComparison.Ordinal)
                    && !tag.Key.StartsWith("invoice", StringComparison.Ordinal)).Select(tag => tag.Value)
                .Select(tag => tag.Split('\'')[1].TrimEnd(':').Split(':')[0])
                .ToHashSet(), seen.Select(tag => tag.Split(':')[0]).ToHashSet());
    }

    private async Task WriteEverythingAsync()
    {
        var product = await _admin.ProductAsync();
        var order = await _admin.OrderAsync(product);
        var id = (long)order["id"]!;
        await _admin.JsonAsync(
            HttpMethod.Patch, $"/api/v1/orders/{id}/status", new { state_id = (int)order["state_id"]! });
        await _admin.JsonAsync(HttpMethod.Post, $"/api/v1/orders/{id}/process");
        var other = await _admin.OrderAsync();
        var draft = new
        {
            customer_id = (long)other["customer_id"]!,
            lines = new[] { new { product_name = "x", product_quantity = 2, unit_price_tax_excl = 3 } }
        };
        await _admin.PutJsonAsync($"/api/v1/orders/{other["id"]}", draft);
        using var deletedOrder = await _admin.CallAsync(HttpMethod.Delete, $"/api/v1/orders/{other["id"]}");
        await WriteQuotesAsync(order["customer"]!);
        await _admin.PostJsonAsync($"/api/v1/invoices/{(await _admin.InvoiceAsync())["id"]}/credit-note", new { });
        await _admin.PutJsonAsync($"/api/v1/products/{product["id"]}", Samples.Product("other"));
        await _admin.PutJsonAsync($"/api/v1/customers/{order["customer_id"]}", Samples.Customer("Verdi"));
        using var deletedCustomer = await _admin.CallAsync(
            HttpMethod.Delete, $"/api/v1/customers/{other["customer_id"]}");
        Assert.True(deletedOrder.IsSuccessStatusCode && deletedCustomer.IsSuccessStatusCode);
        var shop = await _admin.PostJsonAsync(
            "/api/v1/shops", new { name = "new", base_url = "http://prestashop", api_key = "key" });
        await _admin.PutJsonAsync(
            $"/api/v1/shops/{shop["id"]}", new { name = "renamed", base_url = "http://prestashop", is_active = true });
    }

    private async Task WriteQuotesAsync(System.Text.Json.Nodes.JsonNode customer)
    {
        var address = await _admin.AddressAsync(customer);
        var quote = await _admin.QuoteAsync(customer, address: address);
        await _admin.PutJsonAsync($"/api/v1/quotes/{quote["id"]}", Samples.Quote(customer, 12, address: address));
        await _admin.PostJsonAsync($"/api/v1/quotes/{quote["id"]}/convert");
        await _admin.PutJsonAsync($"/api/v1/addresses/{address["id"]}", Samples.Address(customer, "Milano"));
        var other = await _admin.PostJsonAsync($"/api/v1/quotes/{quote["id"]}/duplicate");
        using var deleted = await _admin.CallAsync(HttpMethod.Delete, $"/api/v1/quotes/{other["id"]}");
        Assert.True(deleted.IsSuccessStatusCode);
    }

    private async Task SyncAsync(int shop)
    {
        var run = await _admin.PostJsonAsync($"/api/v1/shops/{shop}/sync", new { mode = "full" });
        await Eventually.TrueAsync(
            async () =>
                (string?)(
                    await _admin.GetJsonAsync($"/api/v1/sync/{run["id"]}"))["status"] != "running", "the sync ends");
        Assert.Equal("succeeded", (string?)(await _admin.GetJsonAsync($"/api/v1/sync/{run["id"]}"))["status"]);
    }

    /// <summary>
    /// All tags that were recorded, after each was found in the outbox row that its connection inserted next.
    /// </summary>
    private async Task<HashSet<string>> AssertRecordedAsync()
    {
        await using var connection = await ConnectAsync();
        var recorded = (await connection.QueryAsync<(long Connection, string? Tag, string? Outbox)>(
            "SELECT connection, tag, outbox FROM recorded_changes ORDER BY seq")).AsList();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var session in recorded.GroupBy(change => change.Connection))
        {
            var open = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (_, tag, outbox) in session)
            {
                if (outbox is null)
                {
                    open.Add(tag!);
                    continue;
                }
                Assert.Subset(JsonSerializer.Deserialize<HashSet<string>>(outbox)!, open);
                seen.UnionWith(open);
                open.Clear();
            }
            Assert.True(open.Count == 0, $"Rows changed without an outbox row: {string.Join(", ", open)}.");
        }
        return seen;
    }

    private async Task<DbConnection> ConnectAsync() =>
        await _api.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Ct);
}
