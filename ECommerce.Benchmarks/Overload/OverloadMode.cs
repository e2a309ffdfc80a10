using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using ECommerce.Benchmarks.Http;
using ECommerce.Benchmarks.Table;
using ECommerce.TestSupport;

namespace ECommerce.Benchmarks.Overload;

/// <summary>
/// More load than one API process can carry. The exit code is 1 if a row misses its target.
/// </summary>
internal static class OverloadMode
{
    private const int Few = 8;
    private const int Many = 128;
    private const int LogIns = 32;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly AuthenticationHeaderValue Token = ApiProcess.Token();

    private static readonly string[] Products =
        [.. Enumerable.Range(Seed.FirstProduct, Seed.Products).Select(id => $"/api/v1/products/{id}")];

    private static TimeSpan _duration = TimeSpan.FromSeconds(30);
    private static int _query;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is [var seconds])
            _duration = TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture));
        await using var redis = await LocalRedis.StartNewAsync();
        await using var mySql = await LocalMySql.StartNewAsync();
        var database = await mySql.CreateDatabaseAsync();
        await using (await ApiProcess.StartAsync(database, redis.ConnectionString, BareBodies.None))
            await Seed.RunAsync(database);

        List<Row> rows = [];
        await using (
            var api = await ApiProcess.StartAsync(database, redis.ConnectionString, BareBodies.None, cores: "0"))
        {
            await ReadAsync(api, rows);
        }
        await using (var api = await ApiProcess.StartAsync(database, redis.ConnectionString, BareBodies.None))
            await LogInAsync(api, rows);

        Console.WriteLine(Row.Head);
        foreach (var row in rows)
            Console.WriteLine(row);
        return rows.TrueForAll(row => row.Holds) ? 0 : 1;
    }

    private static async Task ReadAsync(ApiProcess api, List<Row> rows)
    {
        using var load = new OpenConnections(api.Address, Many + Few);
        await load.RunAsync(Few, WarmUp, ColdRead);
        await load.RunAsync(1, TimeSpan.FromSeconds(1), () => new Call(Products[0], Token));

        var few = await load.RunAsync(Few, _duration, ColdRead);
        var many = load.RunAsync(Many, _duration, ColdRead);
        var alive = load.RunAsync(1, _duration, static () => new Call("/alive"), pause: TimeSpan.FromMilliseconds(20));
        var cached = load.RunAsync(
            1, _duration, static () => new Call(Products[0], Token), pause: TimeSpan.FromMilliseconds(20));
        var (reads, probes, hits) = (await many, await alive, await cached);
        var after = await load.RunAsync(1, TimeSpan.Zero, ColdRead);

        var good = reads.Count(HttpStatusCode.OK);
        var shed = reads.CountOf(static response => response.IsShed);
        Console.WriteLine($"cold reads, {Few} connections:   {few}");
        Console.WriteLine($"cold reads, {Many} connections: {reads}");
        Console.WriteLine($"/alive:                       {probes}");
        Console.WriteLine($"cached read:                  {hits}");
        rows.Add(AtMost("one core, 128 connections of cold reads: /alive, p99 in ms", 100, probes.P99));
        rows.Add(AtMost("the same: responses neither 200 nor 503 with Retry-After", 0, reads.Total - good - shed));
        rows.Add(AtMost("the same: a shed response, p99 in ms", 1000, reads.P99Of(static response => response.IsShed)));
        rows.Add(AtMost("the same: cached reads that are not 200", 0, hits.Total - hits.Count(HttpStatusCode.OK)));
        rows.Add(AtMost("the same: a cold read right after that is not 200", 0, 1 - after.Count(HttpStatusCode.OK)));
        rows.Add(new Row(
            "the same: 200s per second against 8 connections", 0.7, good / (double)few.Count(HttpStatusCode.OK),
            Row.PerSecond(good / _duration.TotalSeconds),
            Row.PerSecond(few.Count(HttpStatusCode.OK) / _duration.TotalSeconds), AtLeast: true));
    }

    private static async Task LogInAsync(ApiProcess api, List<Row> rows)
    {
        using var load = new OpenConnections(api.Address, LogIns + Few);
        var next = 0;
        Call WarmRead() => new(Products[Interlocked.Increment(ref next) % Products.Length], Token);
        await load.RunAsync(Few, WarmUp, WarmRead);

        var alone = await load.RunAsync(1, _duration, WarmRead, pause: TimeSpan.FromMilliseconds(2));
        var logIns = load.RunAsync(LogIns, _duration, static () => new Call(
            "/api/v1/auth/login",
            Body: $$"""{"username":"user{{Interlocked.Increment(ref _query)}}","password":"x"}"""));
        var reads = await load.RunAsync(1, _duration, WarmRead, pause: TimeSpan.FromMilliseconds(2));
        Console.WriteLine($"warm reads alone:             {alone}");
        Console.WriteLine($"warm reads among logins:      {reads}");
        Console.WriteLine($"logins, {LogIns} connections:       {await logIns}");
        rows.Add(AtMost("32 connections of logins: warm reads, p99 in ms", 50, reads.P99));
        rows.Add(AtMost("the same: warm reads that are not 200", 0, reads.Total - reads.Count(HttpStatusCode.OK)));
    }

    // A query of its own each: neither a response nor a value is cached for it.
    private static Call ColdRead() =>
        new($"/api/v1/products?limit=50&search=q{Interlocked.Increment(ref _query)}", Token);

    private static Row AtMost(string name, double most, double reached) => new(name, most, reached, "", "");
}
