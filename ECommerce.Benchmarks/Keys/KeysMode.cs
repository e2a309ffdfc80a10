using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ECommerce.Benchmarks.Http;
using ECommerce.Benchmarks.Table;
using ECommerce.TestSupport;
using StackExchange.Redis;

namespace ECommerce.Benchmarks.Keys;

/// <summary>
/// GET /cache/keys over HTTP, step by step to the end, where Redis has a million keys, half of them of another program.
/// The exit code is 1 if a step is slow or Redis has logged a slow command.
/// </summary>
internal static class KeysMode
{
    private const int Each = 500_000;
    private const int Batch = 1000;
    private const int FirstId = 1_000_000;
    private const double MaxMilliseconds = 50;

    // An entry contains its key, so each is a copy of the first one with another id of the same length.
    private const string Fill = """
        local entry = redis.call('GET', KEYS[1])
        for i = tonumber(ARGV[1]), tonumber(ARGV[1]) + tonumber(ARGV[2]) - 1 do
            redis.call('SET', 'other-program:' .. i, 'x')
            local copy = string.gsub(entry, ARGV[3], string.format('%.0f', i))
            redis.call('SET', string.gsub(KEYS[1], ARGV[3], string.format('%.0f', i)), copy, 'PX', 3600000)
        end
        """;

    public static async Task<int> RunAsync()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var mySql = await LocalMySql.StartNewAsync();
        var database = await mySql.CreateDatabaseAsync();
        await using var api = await ApiProcess.StartAsync(database, redis.ConnectionString, BareBodies.None);
        await Seed.RunAsync(database, firstProduct: FirstId);
        using var client = new HttpClient { BaseAddress = api.Address };
        client.DefaultRequestHeaders.Authorization = ApiProcess.Token();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(
            $"{redis.ConnectionString},allowAdmin=true");
        var server = connection.GetServers()[0];
        await FillAsync(client, connection.GetDatabase());
        Console.WriteLine($"{await server.DatabaseSizeAsync()} keys in Redis");
        await server.ConfigSetAsync("slowlog-log-slower-than", "10000");
        await server.SlowlogResetAsync();
        // The first requests of a process compile what the others use.
        for (var i = 0; i < 20; i++)
            (await client.GetAsync(new Uri("api/v1/cache/keys?pattern=order:*", UriKind.Relative))).Dispose();

        Row[] rows = [.. await ListAsync(client, "*", 100), .. await ListAsync(client, "product:*", 500)];
        var slow = (await server.SlowlogGetAsync(100)).Length;

        Console.WriteLine(Row.Head);
        foreach (var row in (Row[])[.. rows, new Row("commands of over 10 ms in Redis' slow log", 0, slow, "", "")])
            Console.WriteLine(row);
        return Array.TrueForAll(rows, row => row.Holds) && slow == 0 ? 0 : 1;
    }

    private static async Task FillAsync(HttpClient client, IDatabase db)
    {
        using var response = await client.GetAsync(new Uri($"api/v1/products/{FirstId}", UriKind.Relative));
        response.EnsureSuccessStatusCode();
        var first = $"product:{Seed.Tenant}:{FirstId}";
        // The response returns before its value is stored.
        var started = Stopwatch.GetTimestamp();
        while (!await db.KeyExistsAsync(first))
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(10))
                throw new TimeoutException($"{first} is not in Redis.");
            await Task.Delay(10);
        }
        for (var id = FirstId; id < FirstId + Each; id += Batch)
            await db.ScriptEvaluateAsync(Fill, [first], [id, Batch, FirstId]);
    }

    private static async Task<IReadOnlyList<Row>> ListAsync(HttpClient client, string pattern, int limit)
    {
        var (times, keys) = (new List<double>(), 0);
        string? cursor = null;
        do
        {
            var next = cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}";
            var uri = new Uri(
                $"api/v1/cache/keys?pattern={Uri.EscapeDataString(pattern)}&limit={limit}{next}", UriKind.Relative);
            var started = Stopwatch.GetTimestamp();
            var page = await client.GetFromJsonAsync<JsonObject>(uri);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            keys += page!["items"]!.AsArray().Count;
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null);
        if (keys < Each)
            throw new InvalidOperationException($"{pattern} lists {keys} of {Each} keys.");
        times.Sort();
        var name = string.Create(
            CultureInfo.InvariantCulture, $"GET /cache/keys?pattern={pattern}&limit={limit}, {times.Count} steps, ms");
        return
        [
            new Row($"{name}: p50", MaxMilliseconds, times[times.Count / 2], "", ""),
            new Row($"{name}: p99", MaxMilliseconds, times[(int)(times.Count * 0.99)], "", ""),
            new Row($"{name}: longest", MaxMilliseconds, times[^1], "", ""),
        ];
    }
}
