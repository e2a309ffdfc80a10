using System.Diagnostics;
using System.Globalization;
using ECommerce.TestSupport;
using StackExchange.Redis;

namespace ECommerce.Benchmarks.Table;

/// <summary>
/// What Redis sends to each node, for a write and for heartbeats: by two nodes and by eight. Per node it has to be the
/// same, whatever their number.
/// </summary>
internal static class MessageRows
{
    private const int Writes = 500;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(4);

    public static async IAsyncEnumerable<Row> RunAsync()
    {
        var few = await MeasureAsync(nodes: 2);
        var many = await MeasureAsync(nodes: 8);
        yield return Of("bytes per node and write, 8 nodes against 2", many.Write, few.Write, "bytes");
        yield return Of("bytes per node and second without writes, 8 nodes against 2", many.Idle, few.Idle, "bytes/s");
    }

    private static Row Of(string name, double many, double few, string unit) => new(
        name, 1.2, many / few, string.Create(CultureInfo.InvariantCulture, $"{many:0} {unit}"),
        string.Create(CultureInfo.InvariantCulture, $"2 nodes: {few:0} {unit}"));

    private static async Task<(double Write, double Idle)> MeasureAsync(int nodes)
    {
        await using var redis = await LocalRedis.StartNewAsync();
        var started = new List<Node>();
        try
        {
            for (var i = 0; i < nodes; i++)
                started.Add(await Node.StartAsync(redis.ConnectionString));
            await using var client = await ConnectionMultiplexer.ConnectAsync(
                redis.ConnectionString, static options => options.AllowAdmin = true);
            string[] tags = [Node.Product.Key("messages", 1), Node.Product.All("messages")];
            var idle = await RateAsync(client, static () => Task.Delay(Idle));
            var (before, clock) = (await SentAsync(client), Stopwatch.StartNew());
            for (var i = 0; i < Writes; i++)
                await started[i % nodes].Invalidator.InvalidateAsync(tags);
            var sent = await SentAsync(client) - before - (idle * clock.Elapsed.TotalSeconds);
            return (sent / Writes / nodes, idle / nodes);
        }
        finally
        {
            foreach (var node in started)
                await node.DisposeAsync();
        }
    }

    private static async Task<double> RateAsync(ConnectionMultiplexer client, Func<Task> meanwhile)
    {
        var (before, clock) = (await SentAsync(client), Stopwatch.StartNew());
        await meanwhile();
        return (await SentAsync(client) - before) / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> SentAsync(ConnectionMultiplexer client)
    {
        var info = (string?)await client.GetDatabase().ExecuteAsync("INFO", "stats");
        const string Field = "total_net_output_bytes:";
        var line = info!.Split('\n').First(static line => line.StartsWith(Field, StringComparison.Ordinal));
        return double.Parse(line[Field.Length..].Trim(), CultureInfo.InvariantCulture);
    }
}
