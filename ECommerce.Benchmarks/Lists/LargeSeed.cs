using System.Data.Common;
using ECommerce.Features.Data.Schema;

namespace ECommerce.Benchmarks.Lists;

/// <summary>
/// One tenant with a hundred thousand orders of three lines each, over three years, of two shops and of its own, and
/// twenty thousand customers.
/// </summary>
internal static class LargeSeed
{
    public const int Orders = 100_000;

    private const string Sql = """
        INSERT INTO tenants (slug, name, created_at) VALUES ('bench', 'Bench S.r.l.', UTC_TIMESTAMP(6));
        INSERT INTO shops (id, tenant_id, name, base_url, api_key)
        VALUES (1, 'bench', 'Uno', 'http://uno', 'x'), (2, 'bench', 'Due', 'http://due', 'x');
        INSERT INTO countries (id, tenant_id, name, iso_code) VALUES (1, 'bench', 'Italia', 'IT');
        INSERT INTO order_states (id, tenant_id, number, name, paid, logable)
        SELECT 100 + seq, 'bench', seq, CONCAT('Stato ', seq), seq > 1, seq > 1 FROM seq_1_to_10;
        INSERT INTO customers (id, tenant_id, firstname, lastname, email, date_add, date_upd)
        SELECT seq, 'bench', CONCAT('Mario ', seq), ELT(1 + seq % 4, 'Rossi', 'Verdi', CONCAT('Bianchi', seq),
            CONCAT('Ferrari', seq)), CONCAT('c', seq, '@example.it'), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
        FROM seq_1_to_20000;
        INSERT INTO addresses
            (id, tenant_id, customer_id, country_id, firstname, lastname, address1, city, date_add, date_upd)
        SELECT seq, 'bench', seq, 1, 'Mario', 'Rossi', 'Via Roma 1', 'Roma', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
        FROM seq_1_to_20000;
        INSERT INTO orders (id, tenant_id, shop_id, origin_id, customer_id, address_delivery_id, address_invoice_id,
            state_id, reference, payment, total_products, total_products_wt, total_paid, total_paid_tax_excl, is_paid,
            valid, notes, date_add, date_upd, local_date)
        SELECT seq, 'bench', IF(seq % 3 = 0, NULL, seq % 3), IF(seq % 3 = 0, NULL, seq), 1 + seq % 20000,
            1 + seq % 20000, 1 + seq % 20000, 101 + seq % 10, CONCAT('REF', seq), 'Bonifico', 100, 122, 122, 100,
            seq % 10 > 0, seq % 10 > 0, 'Consegna al piano', UTC_TIMESTAMP(6) - INTERVAL (100000 - seq) * 15 MINUTE,
            UTC_TIMESTAMP(6), DATE(UTC_TIMESTAMP(6) - INTERVAL (100000 - seq) * 15 MINUTE)
        FROM seq_1_to_100000;
        INSERT INTO order_lines (tenant_id, order_id, product_name, product_reference, product_quantity,
            unit_price_tax_excl, unit_price_tax_incl, vat_rate, total_price_tax_excl, total_price_tax_incl)
        SELECT 'bench', 1 + seq % 100000, 'Lampada da tavolo in ottone', 'LT-0001', 1, 33.33, 40.66,
            ELT(1 + seq % 3, 22, 10, 4), 33.33, 40.66
        FROM seq_0_to_299999;
        INSERT INTO order_refunds (tenant_id, order_id, total_products_tax_excl, total_products_tax_incl,
            total_shipping_tax_excl, total_shipping_tax_incl, total_tax_excl, total_tax_incl, date_add, local_date)
        SELECT 'bench', seq * 20, 10, 12.2, 0, 0, 10, 12.2, o.date_add, o.local_date
        FROM seq_1_to_5000 JOIN orders o ON o.id = seq * 20;
        ANALYZE TABLE orders, order_lines, customers, addresses, order_refunds
        """;

    /// <param name="source">The empty database.</param>
    /// <param name="withTables">Whether the tables are made too.</param>
    public static async Task RunAsync(DbDataSource source, bool withTables = true)
    {
        await using var connection = await source.OpenConnectionAsync();
        var tables = withTables ? MigrationScript.All.SelectMany(script => script.Statements) : [];
        foreach (var statement in tables.Append(Sql))
        {
            await using var command = connection.CreateCommand();
            command.CommandTimeout = 600;
            command.CommandText = statement;
            await command.ExecuteNonQueryAsync();
        }
    }
}
