using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
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
        using var client = new HttpClient { BaseAddress = api.Address };
        client.DefaultRequestHeaders.Authorization = ApiProcess.Token();
        var created = await PostAsync(
            client, "/api/v1/shops",
            new { name = "Negozio", base_url = shop.Address.ToString(), api_key = ShopProcess.Key });
        var id = (int)created["id"]!;

        var (first, firstTime) = await SyncAsync(client, id, "full");
        var (again, againTime) = await SyncAsync(client, id, "incremental");
        var totals = await ReadAsync(new HttpClient { BaseAddress = shop.Address }, "/__mock/totals");
        var rows = (int)first["done"]! + (int)totals["order_lines"]! + (int)totals["order_histories"]!;

        Console.WriteLine(Row.Head);
        Row[] table =
        [
            new(
                "first import", MinRowsPerSecond, rows / firstTime.TotalSeconds,
                string.Create(CultureInfo.InvariantCulture, $"{rows} rows in {firstTime.TotalSeconds:0.0} s"),
                (string)first["status"]!, AtLeast: true),
            new(
                "incremental, nothing new", MaxIncremental, againTime.TotalSeconds,
                string.Create(CultureInfo.InvariantCulture, $"{(int)again["done"]!} rows read, {Products} products"),
                (string)again["status"]!),
        ];
        foreach (var row in table)
            Console.WriteLine(row);
        return Array.TrueForAll(table, row => row.Holds) ? 0 : 1;
    }

    private static async Task<(JsonNode Run, TimeSpan Time)> SyncAsync(HttpClient client, int shop, string mode)
    {
        var started = Stopwatch.GetTimestamp();
        var run = (await PostAsync(client, $"/api/v1/shops/{shop}/sync", new { mode }))["id"]!;
        while (true)
        {
            var state = await ReadAsync(client, $"/api/v1/sync/{run}");
            if ((string)state["status"]! != "running")
                return (state, Stopwatch.GetElapsedTime(started));
            await Task.Delay(20);
        }
    }

    private static async Task<JsonNode> PostAsync(HttpClient client, string path, object body)
    {
        using var response = await client.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);
        response.EnsureSuccessStatusCode();
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private static async Task<JsonNode> ReadAsync(HttpClient client, string path) =>
        JsonNode.Parse(await client.GetStringAsync(new Uri(path, UriKind.Relative)))!;
}
