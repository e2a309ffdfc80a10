using System.Globalization;
using ECommerce.Benchmarks.Http;
using ECommerce.Benchmarks.Table;
using ECommerce.TestSupport;

namespace ECommerce.Benchmarks.Sync;

/// <summary>
/// A shop of the mock is imported for the first time, and again with nothing new. Rows are those of all entities, those
/// of orders and their lines and histories included. The exit code is 1 if a row misses its target.
/// </summary>
internal static class SyncMode
{
    private const int Products = 3_400;
    private const int MinRowsPerSecond = 2_000;
    private const int MaxIncremental = 2;
    private const int MaxGrowth = 300;

    private static readonly string[] Sizes =
        [$"--products={Products}", "--customers=4000", "--addresses=5000", "--orders=8000"];

    public static async Task<int> RunAsync()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var mySql = await LocalMySql.StartNewAsync();
        await using var shop = await ShopProcess.StartAsync(Sizes);
        var database = await mySql.CreateDatabaseAsync();
        await using var api = await ApiProcess.StartAsync(database, redis.ConnectionString, BareBodies.None);
        await Seed.RunAsync(database);
        using var client = await SyncClient.StartAsync(api, shop);

        await using var memory = ResidentMemory.Of(api.Id);
        var (first, firstTime) = await client.SyncAsync("full");
        var growth = memory.GrowthInMegabytes;
        var (again, againTime) = await client.SyncAsync("incremental");
        var totals = await client.TotalsAsync();
        var rows = (int)first["done"]! + (int)totals["order_lines"]! + (int)totals["order_histories"]!;

        Console.WriteLine(Row.Head);
        Row[] table =
        [
            new(
                "first import", MinRowsPerSecond, rows / firstTime.TotalSeconds,
                string.Create(CultureInfo.InvariantCulture, $"{rows} rows in {firstTime.TotalSeconds:0.0} s"),
                (string)first["status"]!, AtLeast: true),
            new(
                "its growth of memory, MB", MaxGrowth, growth, "resident, of a process that has just started", ""),
            new(
                "incremental, nothing new", MaxIncremental, againTime.TotalSeconds,
                string.Create(CultureInfo.InvariantCulture, $"{(int)again["done"]!} rows read, {Products} products"),
                (string)again["status"]!),
            new(
                "growth of both, MB", MaxGrowth, memory.GrowthInMegabytes, "resident", ""),
        ];
        foreach (var row in table)
            Console.WriteLine(row);
        return Array.TrueForAll(table, row => row.Holds) && (string)first["status"]! == "succeeded" ? 0 : 1;
    }
}
