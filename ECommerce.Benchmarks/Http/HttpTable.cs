using System.Net;
using ECommerce.Benchmarks.Table;
using ECommerce.TestSupport;

namespace ECommerce.Benchmarks.Http;

/// <summary>
/// Warm responses against endpoints of the same process that do nothing. The exit code is 1 if a row misses its target.
/// </summary>
internal static class HttpTable
{
    private const int Rounds = 15;
    private const int WarmUps = 8;

    // Short turns: other load on the machine changes within seconds.
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(600);

    // Many, as in production: the middleware lets concurrent look-ups of one key wait for each other.
    private static readonly string[] Products =
        [.. Enumerable.Range(Seed.FirstProduct, Seed.Products).Select(id => $"/api/v1/products/{id}")];

    // Eight full pages of over a kilobyte each, so that all are compressed and about as long as the bytes that they are
    // compared with.
    private static readonly string[] Lists =
        [.. Enumerable.Range(1, 8).Select(page => $"/api/v1/products?page={page}&limit=8")];

    public static async Task<int> RunAsync()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        await using var mySql = await LocalMySql.StartNewAsync();
        var database = await mySql.CreateDatabaseAsync();
        var bodies = await FirstResponsesAsync(database, redis.ConnectionString);
        await using var api = await ApiProcess.StartAsync(database, redis.ConnectionString, bodies);

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
            new(Lists, HttpStatusCode.OK, token, AcceptEncoding: "br"),
            new(["/benchmark/compressed"], HttpStatusCode.OK, token, AcceptEncoding: "br"),
        ];
        var rates = await MeasureAsync(loads, client, api.Address);

        Row[] rows =
        [
            Compare("warm GET, authenticated, against authenticated", 0.95, rates, 0, 2),
            Compare("warm GET, authenticated, against anonymous", 0.9, rates, 0, 3),
            Compare("304, authenticated, against authenticated", 0.97, rates, 1, 2),
            Compare("warm compressed GET, against one writing those bytes", 0.95, rates, 4, 5),
            .. await OutputRows.RunAsync(client, redis.ConnectionString),
        ];
        Console.WriteLine(Row.Head);
        foreach (var row in rows)
            Console.WriteLine(row);
        return Array.TrueForAll(rows, row => row.Holds) ? 0 : 1;
    }

    /// <summary>A first process creates the tables and returns what bare endpoints have to write.</summary>
    private static async Task<BareBodies> FirstResponsesAsync(string database, string redis)
    {
        await using var api = await ApiProcess.StartAsync(database, redis, BareBodies.None);
        await Seed.RunAsync(database);
        using var client = new HttpClient { BaseAddress = api.Address };
        client.DefaultRequestHeaders.Authorization = ApiProcess.Token();
        var plain = await client.GetStringAsync(new Uri(Products[0], UriKind.Relative));
        client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("br");
        using var list = await client.GetAsync(new Uri(Lists[0], UriKind.Relative));
        if (!list.Content.Headers.ContentEncoding.Contains("br"))
            throw new InvalidOperationException($"{Lists[0]} is not compressed.");
        return new BareBodies(plain, await list.Content.ReadAsByteArrayAsync());
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
        // The first rounds warm up the compiler's last tier, the connections and the caches.
        var rates = loads.Select(_ => new List<double>()).ToArray();
        for (var round = -WarmUps; round < Rounds; round++)
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
        var rounds = rates[ours].Zip(rates[reference]).OrderBy(round => round.First / round.Second);
        var (rate, bare) = rounds.ElementAt(Rounds / 2);
        return new Row(name, mustReach, rate / bare, Row.PerSecond(rate), Row.PerSecond(bare), AtLeast: true);
    }
}
