using System.Data.Common;
using ECommerce.Benchmarks.Table;
using ECommerce.Features.Common.Http;
using ECommerce.Features.Common.Identity;
using ECommerce.Features.Data;
using ECommerce.Features.Data.Overload;
using ECommerce.Features.Orders;
using ECommerce.Features.Sales;
using ECommerce.ServiceDefaults.MySql;
using ECommerce.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace ECommerce.Benchmarks.Data;

/// <summary>
/// Cold reads of orders through EF Core, against the same reads as SQL through Dapper; not zero if one misses its
/// target.
/// </summary>
internal static class DataMode
{
    private const int Operations = 60;

    // A list takes twenty times as long.
    private const int Lists = 10;

    private static readonly Tenant Tenant = new(DataSeed.Tenant);

    public static async Task<int> RunAsync()
    {
        await using var mySql = await LocalMySql.StartNewAsync();
        await using var source = new UtcMySqlDataSource(await mySql.CreateDatabaseAsync());
        await DataSeed.RunAsync(source);
        await using var services = Services(source);
        var contexts = services.GetRequiredService<TenantDbContexts>();
        var sql = new OldOrderSql(source, Tenant);

        Console.WriteLine(Row.Head);
        var rows = new List<Row>
        {
            await RowAsync(
                "order details", 1.5, i => DetailsAsync(contexts, Id(i)), i => sql.DetailsAsync(Id(i)), Operations),
            await RowAsync(
                "list of orders, no filter", 0.5, _ => ListAsync(contexts, "limit=50"), _ => sql.ListAsync(50)),
            await RowAsync(
                "list of orders, 3 filters (no target of its own)", Row.NoTarget,
                _ => ListAsync(contexts, "limit=50", "state_ids=102,110", "is_paid=true", "search=rossi"),
                _ => sql.ListAsync(50, [102, 110], isPaid: true, search: "%rossi%")),
        };
        return rows.TrueForAll(row => row.Holds) ? 0 : 1;
    }

    private static long Id(int i) => 1 + (i * 7919L % DataSeed.Orders);

    private static async Task<Row> RowAsync(
        string name, double mustReach, Func<int, Task> ours, Func<int, Task> reference, int operations = Lists)
    {
        var result = await Comparison.MeasureAsync(ours, reference, operations);
        var row = new Row(
            name, mustReach, result.Ratio, Row.Microseconds(result.Ours), Row.Microseconds(result.Reference));
        Console.WriteLine(row);
        return row;
    }

    private static async Task DetailsAsync(TenantDbContexts contexts, long id)
    {
        await using var db = contexts.ForReading(Tenant);
        if (await OrderReader.FindAsync(db, id, CancellationToken.None) is not { Lines.Count: DataSeed.LinesOfAnOrder })
            throw new InvalidOperationException($"Order {id} is not as it was seeded.");
    }

    private static async Task ListAsync(TenantDbContexts contexts, params string[] parameters)
    {
        var query = new QueryCollection(
            parameters.Select(text => text.Split('='))
                .ToDictionary(pair => pair[0], pair => new StringValues(pair[1])));
        var page = await ListOrders.QueryAsync(
            contexts, Tenant, userId: null, new OrderQuery(new QueryReader(query)), CancellationToken.None);
        if (page.Items.Count == 0)
            throw new InvalidOperationException("The list is empty.");
    }

    /// <summary>What reads need, without the caches.</summary>
    internal static ServiceProvider Services(UtcMySqlDataSource source)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(TimeProvider.System);
        foreach (var pool in (string[])[DatabasePools.Requests, DatabasePools.Background])
            services.AddKeyedSingleton<DbDataSource>(pool, source);
        services.AddDatabaseGate();
        services.AddECommerceDbContext();
        DapperSetup.Apply();
        return services.BuildServiceProvider();
    }
}
