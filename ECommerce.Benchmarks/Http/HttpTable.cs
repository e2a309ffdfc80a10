using System.Net;
using ECommerce.Api.Tests;
using ECommerce.Benchmarks.Table;

namespace ECommerce.Benchmarks.Http;

/// <summary>What a warm answer costs against endpoints of the same process that do nothing; not zero if a row does not hold.</summary>
internal static class HttpTable
{
    private const int Rounds = 5;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);
    // Many, as in life: the middleware lets concurrent look-ups of one key wait for each other.
    private static readonly string[] Products = [.. Enumerable.Range(Seed.FirstProduct, Seed.Products).Select(id => $"/api/v1/products/{id}")];

    public static async Task<int> RunAsync()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var mySql = await LocalMySql.StartNewAsync();
        var database = await mySql.CreateDatabaseAsync();
        var body = await FirstAnswerAsync(database, redis.ConnectionString);
        await using var api = await ApiProcess.StartAsync(database, redis.ConnectionString, body);

        using var handler = new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false };
        using var client = new HttpMessageInvoker(handler);
        var token = ApiProcess.Token();
        var tags = new string[Products.Length];
        foreach (var (index, product) in Products.Index())
            tags[index] = await TagAsync(client, new Uri(api.Address, product));
        Load[] loads =
        [
            new(Products, HttpStatusCode.OK, token),
            new(Products, HttpStatusCode.NotModified, token, tags),
            new(["/benchmark/authenticated"], HttpStatusCode.OK, token),
            new(["/benchmark/anonymous"], HttpStatusCode.OK),
        ];
        var rates = await MeasureAsync(loads, client, api.Address);

        Row[] rows =
        [
            Compare("warm GET, authenticated, against authenticated", 0.9, rates, 0, 2),
            Compare("warm GET, authenticated, against anonymous", 0.75, rates, 0, 3),
            Compare("304, authenticated, against authenticated", 0.95, rates, 1, 2),
            .. await OutputRows.RunAsync(client, redis.ConnectionString),
        ];
        Console.WriteLine(Row.Head);
        foreach (var row in rows)
            Console.WriteLine(row);
        return Array.TrueForAll(rows, row => row.Holds) ? 0 : 1;
    }

    /// <summary>The tables are made by a first process, which also tells what the body is that the others must write.</summary>
    private static async Task<string> FirstAnswerAsync(string database, string redis)
    {
        await using var api = await ApiProcess.StartAsync(database, redis, "");
        await Seed.RunAsync(database);
        using var client = new HttpClient { BaseAddress = api.Address };
        client.DefaultRequestHeaders.Authorization = ApiProcess.Token();
        return await client.GetStringAsync(new Uri(Products[0], UriKind.Relative));
    }

    private static async Task<string> TagAsync(HttpMessageInvoker client, Uri address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = ApiProcess.Token();
        using var response = await client.SendAsync(request, CancellationToken.None);
        return response.Headers.ETag!.ToString();
    }

    private static async Task<List<double>[]> MeasureAsync(Load[] loads, HttpMessageInvoker client, Uri address)
    {
        // Three rounds to warm up: the compiler's last tier, the connections, the caches.
        var rates = loads.Select(_ => new List<double>()).ToArray();
        for (var round = -3; round < Rounds; round++)
        {
            foreach (var (index, load) in loads.Index())
            {
                var rate = await load.RunAsync(client, address, Duration);
                if (round >= 0)
                    rates[index].Add(rate);
            }
        }
        return rates;
    }

    private static Row Compare(string name, double mustReach, List<double>[] rates, int ours, int reference)
    {
        var middle = Enumerable.Range(0, Rounds).OrderBy(round => rates[ours][round] / rates[reference][round]).ElementAt(Rounds / 2);
        return new Row(name, mustReach, rates[ours][middle] / rates[reference][middle], Row.PerSecond(rates[ours][middle]), Row.PerSecond(rates[reference][middle]), AtLeast: true);
    }
}
