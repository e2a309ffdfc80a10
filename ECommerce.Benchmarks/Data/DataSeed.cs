using System.Data.Common;
using ECommerce.Features.Data.Schema;

namespace ECommerce.Benchmarks.Data;

/// <summary>One tenant with twenty thousand orders of three lines each.</summary>
internal static class DataSeed
{
    public const string Tenant = "bench";
    public const int Orders = 20_000;
    public const int LinesOfAnOrder = 3;

    private const string Sql = """
        INSERT INTO tenants (slug, name, created_at) VALUES ('bench', 'Bench S.r.l.', UTC_TIMESTAMP(6));
        INSERT INTO countries (id, tenant_id, name, iso_code) VALUES (1, 'bench', 'Italia', 'IT');
        INSERT INTO order_states (id, tenant_id, number, name, paid)
        SELECT 100 + seq, 'bench', seq, CONCAT('Stato ', seq), seq > 1 FROM seq_1_to_10;
        INSERT INTO customers (id, tenant_id, firstname, lastname, email, date_add, date_upd)
        SELECT seq, 'bench', CONCAT('Mario ', seq), IF(seq % 10 = 0, 'Rossi', 'Bianchi'),
            CONCAT('c', seq, '@example.it'), UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
        FROM seq_1_to_5000;
        INSERT INTO addresses
            (id, tenant_id, customer_id, country_id, firstname, lastname, address1, city, date_add, date_upd)
        SELECT seq, 'bench', seq, 1, 'Mario', 'Rossi', 'Via Roma 1', 'Roma', UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
        FROM seq_1_to_5000;
        INSERT INTO orders (id, tenant_id, customer_id, address_delivery_id, address_invoice_id, state_id, reference,
            payment, total_products, total_products_wt, total_paid, total_paid_tax_excl, is_paid, notes,
            date_add, date_upd)
        SELECT seq, 'bench', 1 + seq % 5000, 1 + seq % 5000, 1 + seq % 5000, 101 + seq % 10, CONCAT('REF', seq),
            'Bonifico', 100, 122, 122, 100, seq % 10 > 0, 'Consegna al piano',
            UTC_TIMESTAMP(6) - INTERVAL seq MINUTE, UTC_TIMESTAMP(6)
        FROM seq_1_to_20000;
        INSERT INTO order_lines (tenant_id, order_id, product_name, product_reference, product_quantity,
            unit_price_tax_excl, unit_price_tax_incl, vat_rate, total_price_tax_excl, total_price_tax_incl)
        SELECT 'bench', 1 + seq % 20000, 'Lampada da tavolo in ottone', 'LT-0001', 1, 33.33, 40.66, 22, 33.33, 40.66
        FROM seq_0_to_59999;
        ANALYZE TABLE orders, order_lines, customers, addresses
        """;

    public static async Task RunAsync(DbDataSource source)
    {
        await using var connection = await source.OpenConnectionAsync();
        foreach (var statement in MigrationScript.All.SelectMany(script => script.Statements).Append(Sql))
        {
            await using var command = connection.CreateCommand();
            command.CommandTimeout = 600;
            command.CommandText = statement;
            await command.ExecuteNonQueryAsync();
        }
    }
}
