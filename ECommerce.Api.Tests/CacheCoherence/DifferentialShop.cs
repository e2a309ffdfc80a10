using System.Data.Common;
using Dapper;
using ECommerce.Features.Data.Entities;
using ECommerce.Features.Data.Entities.Invoices;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.CacheCoherence;

/// <summary>
/// One row of every entity, connected so that every cached response shows some of them, and the paths of those
/// responses.
/// </summary>
internal sealed class DifferentialShop
{
    private readonly Dictionary<ApiFactory, HttpClient> _clients = [];
    private readonly Dictionary<Type, long> _rows;
    private readonly Dictionary<string, string[]> _paths;
    private readonly int _userId;

    // What only a shop has; the refund is of today, as the statistics ask for the last days.
    private const string Money = """
        INSERT INTO order_discounts (tenant_id, order_id, name, value, value_tax_excl)
        VALUES ('acme', @order, 'Sconto', 1, 0.82);
        INSERT INTO order_payments (tenant_id, order_id, payment_method, amount, currency, date_add)
        VALUES ('acme', @order, 'Bonifico', 12.2, 'EUR', NOW(6));
        INSERT INTO order_refunds (
            tenant_id, order_id, origin_id, total_products_tax_excl, total_products_tax_incl, total_shipping_tax_excl,
            total_shipping_tax_incl, total_tax_excl, total_tax_incl, date_add, local_date)
        VALUES ('acme', @order, 1, 1, 1.22, 0, 0, 1, 1.22, NOW(6), UTC_DATE());
        INSERT INTO order_refund_lines (
            tenant_id, order_id, refund_origin_id, line_origin_id, product_quantity, amount_tax_excl, amount_tax_incl)
        VALUES ('acme', @order, 1, 1, 1, 1, 1.22);
        INSERT INTO order_shipments (tenant_id, order_id, carrier_id, tracking_number, date_add)
        SELECT 'acme', @order, MIN(id), 'IT123', NOW(6) FROM carriers WHERE tenant_id = 'acme';
        INSERT INTO order_messages (tenant_id, order_id, message, date_add) VALUES ('acme', @order, 'Grazie', NOW(6));
        INSERT INTO order_state_pushes (tenant_id, order_id, state_id, status, created_at)
        SELECT 'acme', id, state_id, 'failed', NOW(6) FROM orders WHERE id = @order;
        UPDATE orders SET state_push_id = (SELECT MIN(id) FROM order_state_pushes WHERE order_id = @order)
        WHERE id = @order
        """;

    private DifferentialShop(Dictionary<Type, long> rows, int userId)
    {
        (_rows, _userId) = (rows, userId);
        _paths = new Dictionary<string, string[]>
        {
            ["/api/v1/orders"] =
                ["/api/v1/orders", "/api/v1/orders?search=Rossi", "/api/v1/orders?is_paid=true&order_by=date_add"],
            ["/api/v1/orders/{id:long}"] = [$"/api/v1/orders/{rows[typeof(Order)]}"],
            ["/api/v1/orders/{id:long}/history"] = [$"/api/v1/orders/{rows[typeof(Order)]}/history"],
            ["/api/v1/orders/{id:long}/payments"] = [$"/api/v1/orders/{rows[typeof(Order)]}/payments"],
            ["/api/v1/orders/{id:long}/refunds"] = [$"/api/v1/orders/{rows[typeof(Order)]}/refunds"],
            ["/api/v1/orders/{id:long}/shipments"] = [$"/api/v1/orders/{rows[typeof(Order)]}/shipments"],
            ["/api/v1/orders/{id:long}/messages"] = [$"/api/v1/orders/{rows[typeof(Order)]}/messages"],
            ["/api/v1/me/orders"] = ["/api/v1/me/orders"],
            ["/api/v1/customers"] = ["/api/v1/customers", "/api/v1/customers?search=Rossi"],
            ["/api/v1/customers/{id:long}"] = [$"/api/v1/customers/{rows[typeof(Customer)]}"],
            ["/api/v1/customers/{id:long}/addresses"] = [$"/api/v1/customers/{rows[typeof(Customer)]}/addresses"],
            ["/api/v1/addresses"] = ["/api/v1/addresses", "/api/v1/addresses?search=Torino&order_by=city"],
            ["/api/v1/addresses/{id:long}"] = [$"/api/v1/addresses/{rows[typeof(Address)]}"],
            ["/api/v1/quotes"] = ["/api/v1/quotes", "/api/v1/quotes?search=Rossi&is_converted=false"],
            ["/api/v1/quotes/{id:long}"] = [$"/api/v1/quotes/{rows[typeof(Quote)]}"],
            ["/api/v1/invoices"] = ["/api/v1/invoices", "/api/v1/invoices?search=Rossi&document_type=TD01"],
            ["/api/v1/invoices/{id:long}"] = [$"/api/v1/invoices/{rows[typeof(Invoice)]}"],
            ["/api/v1/invoices/{id:long}/xml"] = [$"/api/v1/invoices/{rows[typeof(Invoice)]}/xml"],
            ["/api/v1/invoices/{id:long}/html"] = [$"/api/v1/invoices/{rows[typeof(Invoice)]}/html"],
            ["/api/v1/invoices/{id:long}/notifications"] =
                [$"/api/v1/invoices/{rows[typeof(Invoice)]}/notifications"],
            ["/api/v1/fatturapa/invoices/{sdi}"] = ["/api/v1/fatturapa/invoices/777"],
            ["/api/v1/products"] = ["/api/v1/products", "/api/v1/products?active=true"],
            ["/api/v1/products/{id:long}"] = [$"/api/v1/products/{rows[typeof(Product)]}"],
            ["/api/v1/shops"] = ["/api/v1/shops"],
            ["/api/v1/shops/{id:int}"] = [$"/api/v1/shops/{rows[typeof(Shop)]}"],
            ["/api/v1/config"] = ["/api/v1/config"],
            ["/api/v1/config/{key}"] = ["/api/v1/config/company.name"],
            ["/api/v1/statistics/sales"] =
            [
                "/api/v1/statistics/sales?group_by=day", "/api/v1/statistics/sales?group_by=month",
                "/api/v1/statistics/sales?group_by=state", "/api/v1/statistics/sales?group_by=shop",
            ],
        };
        AddLookup("order_states", typeof(OrderState));
        AddLookup("categories", typeof(Category));
        AddLookup("brands", typeof(Brand));
        AddLookup("carriers", typeof(Carrier));
        AddLookup("countries", typeof(Country));
        AddLookup("langs", typeof(Lang));
    }

    /// <summary>The patterns of the routes that <see cref="Paths"/> covers.</summary>
    public IEnumerable<string> Routes => _paths.Keys;

    public IEnumerable<string> Paths => _paths.Values.SelectMany(paths => paths);

    /// <summary>The id of the row of an entity.</summary>
    public long Row(Type entity) => _rows[entity];

    public HttpClient ClientOf(ApiFactory api)
    {
        if (!_clients.TryGetValue(api, out var client))
            _clients[api] = client = api.With(api.Token(_userId, "acme.admin", "acme", "ADMIN"));
        return client;
    }

    public static async Task<DifferentialShop> CreateAsync(ApiFactory api)
    {
        await using var connection = await api.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync();
        var userId = await connection.ExecuteScalarAsync<int>("SELECT id FROM users WHERE username = 'acme.admin'");
        using var admin = api.With(api.Token(userId, "acme.admin", "acme", "ADMIN"));

        var customer = (long)(await admin.CustomerAsync("Rossi"))["id"]!;
        var product = await admin.PostJsonAsync("/api/v1/products", new
        {
            name = "Lampada",
            reference = "L-1",
            price = 10,
            vat_rate = 22,
            quantity = 5,
            category_id = await FirstAsync("categories"),
            brand_id = await BrandAsync(),
        });
        var address = await connection.ExecuteScalarAsync<long>("""
            INSERT INTO addresses (
                tenant_id, customer_id, country_id, firstname, lastname, address1, city, date_add, date_upd)
            SELECT 'acme', @customer, MIN(id), 'Ada', 'Rossi', 'Via Roma 1', 'Torino', NOW(6), NOW(6)
            FROM countries WHERE tenant_id = 'acme';
            SELECT LAST_INSERT_ID()
            """, new { customer });
        var order = (long)(await admin.PostJsonAsync("/api/v1/orders", new
        {
            customer_id = customer,
            address_delivery_id = address,
            address_invoice_id = address,
            carrier_id = await FirstAsync("carriers"),
            lang_id = await FirstAsync("langs"),
            is_paid = true,
            assigned_to = userId,
            lines = new[] { new { product_id = (long)product["id"]!, product_quantity = 1 } },
        }))["id"]!;

        await connection.ExecuteAsync(Money, new { order });
        await admin.JsonAsync(HttpMethod.Patch, $"/api/v1/orders/{order}", new { notes = "Fragile" });
        var quote = (long)(await admin.PostJsonAsync("/api/v1/quotes", new
        {
            customer_id = customer,
            address_delivery_id = address,
            address_invoice_id = address,
            lines = new[] { new { product_id = (long)product["id"]!, product_quantity = 2 } },
        }))["id"]!;

        var invoice = (long)(await admin.InvoiceAsync())["id"]!;

        var found = await connection.ExecuteScalarAsync<long>("""
            INSERT INTO pool_events (
                tenant_id, partition_key, row_key, direction, kind, sdi_id, file_name, outcome, content, size, sha256,
                signature, found_at, processed_at)
            VALUES ('acme', '1', '1', 'purchase', 'Ricezione', '777', 'IT01234567897_00001.xml', 'stored', 'x', 1,
                    UNHEX(SHA2('x', 256)), 'none', NOW(6), NOW(6));
            SELECT LAST_INSERT_ID()
            """);

        var rows = new Dictionary<Type, long>
        {
            [typeof(Order)] = order,
            [typeof(OrderDiscount)] = await OfOrderAsync("order_discounts"),
            [typeof(OrderPayment)] = await OfOrderAsync("order_payments"),
            [typeof(OrderRefund)] = await OfOrderAsync("order_refunds"),
            [typeof(OrderRefundLine)] = await OfOrderAsync("order_refund_lines"),
            [typeof(OrderShipment)] = await OfOrderAsync("order_shipments"),
            [typeof(OrderMessage)] = await OfOrderAsync("order_messages"),
            [typeof(OrderStatePush)] = await OfOrderAsync("order_state_pushes"),
            [typeof(OrderLine)] = await connection.ExecuteScalarAsync<long>(
                "SELECT MIN(id) FROM order_lines WHERE order_id = @order", new { order }),
            [typeof(OrderStateChange)] =
                await connection.ExecuteScalarAsync<long>(
                    "SELECT MIN(id) FROM order_history WHERE order_id = @order", new { order }),
            [typeof(OrderChange)] = await OfOrderAsync("order_changes"),
            [typeof(Quote)] = quote,
            [typeof(QuoteLine)] = await connection.ExecuteScalarAsync<long>(
                "SELECT MIN(id) FROM quote_lines WHERE quote_id = @quote", new { quote }),
            [typeof(Invoice)] = invoice,
            [typeof(InvoiceItem)] = await OfInvoiceAsync("invoice_items"),
            [typeof(InvoiceFile)] = await OfInvoiceAsync("invoice_files"),
            [typeof(InvoiceNotification)] = await connection.ExecuteScalarAsync<long>(
                """
                INSERT INTO invoice_notifications (tenant_id, invoice_id, kind, sdi_id, file_name, received_at)
                VALUES ('acme', @invoice, 'RC', '123', 'IT01234567897_00001.xml', NOW(6));
                SELECT LAST_INSERT_ID()
                """, new { invoice }),
            [typeof(PoolEvent)] = found,
            [typeof(PoolDocument)] = await connection.ExecuteScalarAsync<long>(
                """
                INSERT INTO pool_documents (
                    tenant_id, event_id, sdi_id, position, document_type, number, local_date, seller_name, buyer_name,
                    currency, total, total_taxable, total_tax)
                VALUES ('acme', @found, '777', 1, 'TD01', 'FV/1', UTC_DATE(), 'Rossi', 'Acme', 'EUR', 122, 100, 22);
                SELECT LAST_INSERT_ID()
                """, new { found }),
            [typeof(Customer)] = customer,
            [typeof(Address)] = address,
            [typeof(Product)] = (long)product["id"]!,
            [typeof(ProductCombination)] = await connection.ExecuteScalarAsync<long>(
                """
                INSERT INTO product_combinations (tenant_id, product_id, reference) VALUES ('acme', @id, 'L-1-R');
                SELECT LAST_INSERT_ID()
                """, new { id = (long)product["id"]! }),
            [typeof(OrderState)] = await connection.ExecuteScalarAsync<long>(
                "SELECT state_id FROM orders WHERE id = @order", new { order }),
            [typeof(Category)] = await FirstAsync("categories"),
            [typeof(Brand)] = await FirstAsync("brands"),
            [typeof(Carrier)] = await FirstAsync("carriers"),
            [typeof(Country)] = await FirstAsync("countries"),
            [typeof(Lang)] = await FirstAsync("langs"),
            [typeof(Shop)] = await FirstAsync("shops"),
            [typeof(TenantSetting)] = await SettingAsync(),
        };
        return new DifferentialShop(rows, userId);

        async Task<long> SettingAsync()
        {
            await admin.PutJsonAsync("/api/v1/config/company.name", new { value = "Rossi S.r.l." });
            return await FirstAsync("settings");
        }

        Task<long> OfOrderAsync(string table) =>
            connection.ExecuteScalarAsync<long>($"SELECT MIN(id) FROM {table} WHERE order_id = @order", new { order });

        Task<long> OfInvoiceAsync(string table) => connection.ExecuteScalarAsync<long>(
            $"SELECT MIN(id) FROM {table} WHERE invoice_id = @invoice", new { invoice });

        Task<long> FirstAsync(string table) =>
            connection.ExecuteScalarAsync<long>($"SELECT MIN(id) FROM {table} WHERE tenant_id = 'acme'");

        async Task<long> BrandAsync()
        {
            await connection.ExecuteAsync(
                "INSERT INTO brands (tenant_id, name) VALUES ('acme', 'Flos'), ('acme', 'Artemide')");
            return await FirstAsync("brands");
        }
    }

    private void AddLookup(string name, Type entity)
    {
        _paths[$"/api/v1/{name}"] = [$"/api/v1/{name}"];
        _paths[$"/api/v1/{name}/{{id:int}}"] = [$"/api/v1/{name}/{_rows[entity]}"];
    }
}
