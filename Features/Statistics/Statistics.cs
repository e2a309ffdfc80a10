using System.Data.Common;
using Dapper;

namespace ECommerce.Features.Statistics;

internal sealed class Statistics(DbDataSource db) : IStatistics
{
    private const string Figures = """
        COUNT(*) AS orders, CAST(SUM(o.is_paid) AS SIGNED) AS paid_orders,
               SUM(o.total_paid) AS total_paid, SUM(o.total_paid_tax_excl) AS total_paid_tax_excl
        """;

    // One range of the index on tenant and date.
    private const string Where = """
        WHERE o.tenant_id = @tenant AND o.date_add >= @From AND o.date_add < @Until AND o.deleted_at IS NULL
        """;

    private const string ByDay = $"""
        SELECT DATE_FORMAT(o.date_add, '%Y-%m-%d') AS `key`, CAST(NULL AS CHAR) AS name, {Figures}
        FROM orders o
        {Where}
        GROUP BY `key`
        ORDER BY `key`
        """;

    private const string ByMonth = $"""
        SELECT DATE_FORMAT(o.date_add, '%Y-%m') AS `key`, CAST(NULL AS CHAR) AS name, {Figures}
        FROM orders o
        {Where}
        GROUP BY `key`
        ORDER BY `key`
        """;

    private const string ByState = $"""
        SELECT CAST(o.state_id AS CHAR) AS `key`, s.name, {Figures}
        FROM orders o
        JOIN order_states s ON s.tenant_id = o.tenant_id AND s.id = o.state_id
        {Where}
        GROUP BY o.state_id, s.name
        ORDER BY o.state_id
        """;

    // Orders created through the API have no shop.
    private const string ByShop = $"""
        SELECT COALESCE(CAST(o.shop_id AS CHAR), 'none') AS `key`, s.name, {Figures}
        FROM orders o
        LEFT JOIN shops s ON s.tenant_id = o.tenant_id AND s.id = o.shop_id
        {Where}
        GROUP BY o.shop_id, s.name
        ORDER BY o.shop_id
        """;

    public async Task<IReadOnlyList<SalesItem>> SalesAsync(
        Tenant tenant, string name, SalesRange qhash, CancellationToken ct)
    {
        var sql = name switch
        {
            SalesGrouping.Day => ByDay,
            SalesGrouping.Month => ByMonth,
            SalesGrouping.State => ByState,
            SalesGrouping.Shop => ByShop,
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such statistic."),
        };
        await using var connection = await db.OpenConnectionAsync(ct);
        var items = await connection.QueryAsync<SalesItem>(
            new CommandDefinition(sql, new { tenant, qhash.From, qhash.Until }, cancellationToken: ct));
        return items.AsList();
    }
}
