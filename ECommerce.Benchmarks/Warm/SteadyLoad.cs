using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using ECommerce.Benchmarks.Http;

namespace ECommerce.Benchmarks.Warm;

/// <summary>
/// Some hundred reads a second of products and their lists, a few of which are read most, and one write a second, which
/// drops the lists.
/// </summary>
internal sealed class SteadyLoad(Uri address)
{
    private const int Connections = 4;
    private const int PausePerRead = 20;
    private const int Lists = 60;
    private const int ReadProducts = 400;

    private static readonly AuthenticationHeaderValue Token = ApiProcess.Token();

    /// <summary>What the responses of one second came from.</summary>
    public readonly record struct Second(int Reads, int Hits, int FromMemory)
    {
        public double HitRate => Reads == 0 ? 0 : Hits / (double)Reads;

        public double MemoryRate => Reads == 0 ? 0 : FromMemory / (double)Reads;

        public override string ToString() => FormattableString.Invariant(
            $"{Reads} reads, {HitRate:P1} hits, {MemoryRate:P1} from memory");
    }

    public static Second Sum(IEnumerable<Second> seconds) => seconds.Aggregate(
        default(Second), static (sum, next) =>
            new Second(sum.Reads + next.Reads, sum.Hits + next.Hits, sum.FromMemory + next.FromMemory));

    public async Task<List<Second>> RunAsync(TimeSpan duration)
    {
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = Token;
        var seconds = new Second[(int)duration.TotalSeconds];
        var started = Stopwatch.GetTimestamp();
        var reads = Enumerable.Range(0, Connections).Select(connection => Task.Run(async () =>
        {
            // The same requests in every run.
            var random = new Random(connection);
            while ((int)Stopwatch.GetElapsedTime(started).TotalSeconds is var second && second < seconds.Length)
            {
                var status = await ReadAsync(client, Path(random));
                lock (seconds)
                {
                    var (count, hits, memory) = seconds[second];
                    seconds[second] = new Second(
                        count + 1, hits + (status.Contains("; hit", StringComparison.Ordinal) ? 1 : 0),
                        memory + (status.Contains("detail=memory", StringComparison.Ordinal) ? 1 : 0));
                }
                await Task.Delay(PausePerRead);
            }
        }));
        await Task.WhenAll([.. reads, WriteAsync(client, duration)]);
        return [.. seconds];
    }

    // The cube of a random number: a tenth of the keys gets almost half of the reads.
    private static string Path(Random random)
    {
        var rank = Math.Pow(random.NextDouble(), 3);
        return random.Next(4) == 0
            ? $"/api/v1/products?limit=20&page={1 + (int)(rank * Lists)}"
            : $"/api/v1/products/{Seed.FirstProduct + (int)(rank * ReadProducts)}";
    }

    private static async Task<string> ReadAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        response.EnsureSuccessStatusCode();
        await response.Content.CopyToAsync(Stream.Null);
        return string.Join(' ', response.Headers.TryGetValues("Cache-Status", out var status) ? status : []);
    }

    private static async Task WriteAsync(HttpClient client, TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            using var body = new StringContent(
                """{"name":"Lampada nuova","reference":"LN","price":10,"vat_rate":22,"quantity":1}""", Encoding.UTF8,
                "application/json");
            using var response = await client.PostAsync(new Uri("/api/v1/products", UriKind.Relative), body);
            response.EnsureSuccessStatusCode();
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }
}
