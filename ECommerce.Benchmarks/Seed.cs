using ECommerce.ServiceDefaults.MySql;

namespace ECommerce.Benchmarks;

/// <summary>One tenant with some products that differ only in their ids.</summary>
internal static class Seed
{
    public const string Tenant = "bench";
    public const int FirstProduct = 101;
    public const int Products = 64;

    private const string TenantSql =
        "INSERT INTO tenants (slug, name, created_at) VALUES ('bench', 'Bench S.r.l.', UTC_TIMESTAMP(6));\n";

    private const string Sql = """
        INSERT INTO products
            (id, tenant_id, name, reference, ean13, price, quantity, description_short, date_add, date_upd)
        SELECT seq + @offset, 'bench', 'Lampada da tavolo in ottone', 'LT-0001', '8001234567890', 89.90, 10,
            'Lampada da tavolo in ottone satinato con paralume in lino, attacco E27, interruttore sul cavo.',
            UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
        FROM seq_101_to_164;
        """;

    public static async Task RunAsync(string mySql, int firstProduct = FirstProduct, bool withTenant = true)
    {
        await using var source = new UtcMySqlDataSource(mySql);
        await using var connection = await source.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = withTenant ? TenantSql + Sql : Sql;
        var offset = command.CreateParameter();
        (offset.ParameterName, offset.Value) = ("@offset", firstProduct - FirstProduct);
        command.Parameters.Add(offset);
        await command.ExecuteNonQueryAsync();
    }
}
