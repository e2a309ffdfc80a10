using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ECommerce.Benchmarks.Http;
using ECommerce.Benchmarks.Sync;
using ECommerce.Benchmarks.Table;
using ECommerce.ServiceDefaults.MySql;
using ECommerce.TestSupport;

namespace ECommerce.Benchmarks.Hostile;

/// <summary>
/// Shops that send pages of 118 MB, ignore what is asked, send a byte in five seconds, or without end: how long their
/// runs last, whether they name the cause, how far the memory grows, and what reads of other users cost meanwhile. The
/// exit code is 1 if a row misses its target.
/// </summary>
internal static class HostileMode
{
    private const int MaxSeconds = 60;
    private const int MaxGrowth = 300;
    private const int MaxReadTime = 50;
    private const int Products = 60_000;

    // Short runs are repeated, so that there are enough reads beside them.
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(10);

    private static readonly string[] Sizes =
        ["--products=3000", "--customers=100", "--addresses=120", "--orders=100"];

    private static readonly (string Kind, string Name, string Message)[] Shops =
    [
        ("huge", "a page of 118 MB", "more than 16 MB"),
        ("ignore_query", "an ignored filter", "ignores the limit"),
        ("drip", "a byte in five seconds", "was not complete"),
        ("endless", "a page without end", "more than 16 MB"),
    ];

    public static async Task<int> RunAsync()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var mySql = await LocalMySql.StartNewAsync();
        await using var shop = await ShopProcess.StartAsync(Sizes);
        var database = await mySql.CreateDatabaseAsync();
        await using var api = await ApiProcess.StartAsync(database, redis.ConnectionString, BareBodies.None);
        await Seed.RunAsync(database);
        await AddProductsAsync(database);
        using var client = await SyncClient.StartAsync(api, shop);
        // What a process needs once is not the shop's doing.
        await client.SyncAsync("full");

        await using var load = ReadLoad.Start(api.Address, Products);
        await Task.Delay(Alone);
        load.Take();
        await Task.Delay(Alone);
        List<Row> rows = [.. Reads("no sync", load, Row.NoTarget)];
        foreach (var (kind, name, message) in Shops)
        {
            await client.FailAsync(kind, "products");
            rows.AddRange(await MeasureAsync(name, message, client, api, load));
        }
        Console.WriteLine(Row.Head);
        foreach (var row in rows)
            Console.WriteLine(row);
        return rows.TrueForAll(row => row.Holds) ? 0 : 1;
    }

    private static async Task<IReadOnlyList<Row>> MeasureAsync(
        string name, string message, SyncClient client, ApiProcess api, ReadLoad load)
    {
        var started = Stopwatch.GetTimestamp();
        var (longest, runs, error) = (TimeSpan.Zero, 0, "");
        await using var memory = ResidentMemory.Of(api.Id);
        load.Take();
        do
        {
            var (run, time) = await client.SyncAsync("full");
            error = ErrorOf(run);
            longest = time > longest ? time : longest;
            runs++;
        }
        while (error.Contains(message, StringComparison.Ordinal) && Stopwatch.GetElapsedTime(started) < Least);
        var hasMessage = error.Contains(message, StringComparison.Ordinal);
        return
        [
            new(
                $"{name}: the longest run, s", MaxSeconds, hasMessage ? longest.TotalSeconds : double.PositiveInfinity,
                string.Create(CultureInfo.InvariantCulture, $"{runs} runs"), error),
            new($"{name}: growth of memory, MB", MaxGrowth, memory.GrowthInMegabytes, "resident", ""),
            .. Reads(name, load, MaxReadTime),
        ];
    }

    private static IEnumerable<Row> Reads(string name, ReadLoad load, double target)
    {
        var (warm, cold) = load.Take();
        foreach (var (kind, times) in new[] { ("warm", warm), ("cold", cold) })
        {
            yield return new Row(
                $"{name}: {kind} reads, p99, ms", target, times.P99,
                string.Create(CultureInfo.InvariantCulture, $"{times.Reads} reads, median {times.Median:0.0} ms"), "");
        }
    }

    private static string ErrorOf(JsonNode run) =>
        (string)run["status"]! == "failed" && run["errors"] is JsonArray { Count: > 0 } errors
            ? (string)errors[0]!["message"]!
            : (string)run["status"]!;

    private static async Task AddProductsAsync(string database)
    {
        await using var source = new UtcMySqlDataSource(database);
        await using var connection = await source.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            INSERT INTO products (id, tenant_id, name, reference, price, quantity, date_add, date_upd)
            SELECT {Seed.FirstProduct} + seq, 'bench', CONCAT('Lampada ', seq), 'LT', 89.90, 10, UTC_TIMESTAMP(6),
                   UTC_TIMESTAMP(6)
            FROM seq_{Seed.Products}_to_{Products};
            """;
        await command.ExecuteNonQueryAsync();
    }
}
