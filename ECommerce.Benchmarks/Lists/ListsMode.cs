using System.Diagnostics;
using System.Globalization;
using ECommerce.Benchmarks.Http;
using ECommerce.Benchmarks.Table;
using ECommerce.Features.Common.Http;
using ECommerce.Features.Common.Identity;
using ECommerce.Features.Data;
using ECommerce.Features.Orders;
using ECommerce.Features.Statistics;
using ECommerce.ServiceDefaults.MySql;
using ECommerce.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Benchmarks.Lists;

/// <summary>
/// Lists and statistics over a hundred thousand orders: cold, as the database responds, and a warm statistic over HTTP.
/// Medians in milliseconds, beside the mean of what the server used of a processor, which other programs on the machine
/// do not change; not zero if a median is above its target.
/// </summary>
internal static class ListsMode
{
    private const double FilteredTarget = 30;
    private const double SearchTarget = 300;
    private const double StatisticsTarget = 1000;
    private const int Runs = 15;
    private const int WarmReads = 2000;

    private static readonly Tenant Tenant = new(Seed.Tenant);

    public static async Task<int> RunAsync()
    {
        await using var mySql = await LocalMySql.StartNewAsync();
        var database = $"{await mySql.CreateDatabaseAsync()};Default Command Timeout=300";
        await using var source = new UtcMySqlDataSource(database);
        await LargeSeed.RunAsync(source);
        // As of a server on which this data is in memory, which 64 MB would not hold.
        await using (var connection = await source.OpenConnectionAsync())
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "SET GLOBAL innodb_buffer_pool_size = 268435456";
            await command.ExecuteNonQueryAsync();
        }
        await using var services = Data.DataMode.Services(source);
        var contexts = services.GetRequiredService<TenantDbContexts>();
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        string Days(int from, int to) => string.Create(
            CultureInfo.InvariantCulture,
            $"date_from={today.AddDays(-from):yyyy-MM-dd}&date_to={today.AddDays(-to):yyyy-MM-dd}");

        Console.WriteLine(Row.Head);
        var rows = new List<Row>();
        foreach (var (query, target) in new[]
        {
            ("", Row.NoTarget),
            ("?limit=500", Row.NoTarget),
            ($"?state_ids=102,110&shop_id=1&{Days(30, 0)}", FilteredTarget),
            ($"?state_ids=102,110&shop_id=1&{Days(365, 0)}", FilteredTarget),
            ($"?state_ids=102,103,104,105,106&shop_id=2&{Days(1100, 0)}&limit=50", FilteredTarget),
            ($"?state_ids=102&shop_id=1&{Days(1100, 0)}&order_by=date_add", FilteredTarget),
            ($"?state_ids=102&shop_id=1&{Days(1100, 0)}&order_by=date_add&limit=50&page=20", Row.NoTarget),
            ("?state_ids=102,110", FilteredTarget),
            ("?shop_id=1", FilteredTarget),
            ($"?{Days(365, 180)}", FilteredTarget),
            ("?search=rossi", SearchTarget),
            ("?search=REF99999", SearchTarget),
            ("?search=mario%2019999", SearchTarget),
            ("?search=a-name-of-none", SearchTarget),
            ($"?search=rossi&state_ids=102,110&shop_id=1&{Days(365, 0)}", SearchTarget),
        })
        {
            rows.Add(await RowAsync(mySql, $"GET /orders{query}", target, () => ListAsync(contexts, query)));
        }

        var statistics = new Statistics(source);
        foreach (var name in new[]
        {
            SalesGrouping.Day, SalesGrouping.Month, SalesGrouping.State, SalesGrouping.Shop,
        })
        {
            rows.Add(await RowAsync(
                mySql, $"GET /statistics/sales, {name}, three years", StatisticsTarget,
                () => statistics.SalesAsync(
                    Tenant, name, new SalesRange(today.AddDays(-1100), today, null), CancellationToken.None)));
        }
        rows.Add(await WarmAsync($"{await mySql.CreateDatabaseAsync()};Default Command Timeout=300"));
        return rows.TrueForAll(row => row.Holds) ? 0 : 1;
    }

    private static async Task ListAsync(TenantDbContexts contexts, string query)
    {
        var reader = new QueryReader(new QueryCollection(QueryHelpers.ParseQuery(query)));
        await ListOrders.QueryAsync(contexts, Tenant, userId: null, new OrderQuery(reader), CancellationToken.None);
    }

    private static async Task<Row> RowAsync(LocalMySql mySql, string name, double target, Func<Task> read)
    {
        await read();
        var times = new double[Runs];
        var used = mySql.ProcessorTime;
        for (var run = 0; run < Runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            await read();
            times[run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        Array.Sort(times);
        used = (mySql.ProcessorTime - used) / Runs;
        return Print(new Row(
            name, target, times[Runs / 2], Row.Microseconds(1000 * times[Runs / 2]),
            $"{Row.Microseconds(used.TotalMicroseconds)} of a processor"));
    }

    /// <summary>A warm statistic against a warm product, in turns; the ratio of their medians.</summary>
    private static async Task<Row> WarmAsync(string database)
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var api = await ApiProcess.StartAsync(database, redis.ConnectionString, BareBodies.None);
        await using (var source = new UtcMySqlDataSource(database))
            await LargeSeed.RunAsync(source, withTables: false);
        await Seed.RunAsync(database, withTenant: false);
        using var client = new HttpClient { BaseAddress = api.Address };
        client.DefaultRequestHeaders.Authorization = ApiProcess.Token();
        string[] paths =
            ["/api/v1/statistics/sales?group_by=shop", $"/api/v1/products/{Seed.FirstProduct}"];
        var times = paths.Select(_ => new List<double>(WarmReads)).ToArray();
        for (var read = 0; read < WarmReads; read++)
        {
            for (var side = 0; side < paths.Length; side++)
            {
                var start = Stopwatch.GetTimestamp();
                (await client.GetByteArrayAsync(new Uri(paths[side], UriKind.Relative))).ToString();
                times[side].Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
        }
        var medians = times.Select(side => side.Order().ElementAt(WarmReads / 2)).ToArray();
        return Print(new Row(
            "GET /statistics/sales, warm, against a warm product", 1.5, medians[0] / medians[1],
            Row.Microseconds(medians[0]), Row.Microseconds(medians[1])));
    }

    private static Row Print(Row row)
    {
        Console.WriteLine(row);
        return row;
    }
}
