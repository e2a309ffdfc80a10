using System.Diagnostics;
using ECommerce.Benchmarks.Http;

namespace ECommerce.Benchmarks.Hostile;

/// <summary>
/// Reads of products that are in the cache, and of ones that were never read before, each by a connection of its own,
/// with a pause after every read. Their times are kept until they are taken.
/// </summary>
internal sealed class ReadLoad : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _over = new();
    private readonly HttpClient _client;
    private readonly Task _running;
    private readonly Lock _lock = new();
    private readonly List<double> _warm = [];
    private readonly List<double> _cold = [];
    private readonly int _products;
    private int _next;

    private ReadLoad(Uri address, int products)
    {
        _products = products;
        _client = new HttpClient { BaseAddress = address };
        _client.DefaultRequestHeaders.Authorization = ApiProcess.Token();
        _running = Task.WhenAll(
            Task.Run(() => RunAsync(_warm, Warm)), Task.Run(() => RunAsync(_cold, Cold)));
    }

    /// <summary>A quantile of the reads since the last call, in milliseconds.</summary>
    public readonly record struct Times(int Reads, double Median, double P99)
    {
        public static Times Of(List<double> times)
        {
            if (times.Count == 0)
                return default;
            times.Sort();
            return new Times(times.Count, times[times.Count / 2], times[(int)(times.Count * 0.99)]);
        }
    }

    public static ReadLoad Start(Uri address, int products) => new(address, products);

    public (Times Warm, Times Cold) Take()
    {
        lock (_lock)
        {
            var taken = (Times.Of(_warm), Times.Of(_cold));
            _warm.Clear();
            _cold.Clear();
            return taken;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _running;
        _client.Dispose();
        _over.Dispose();
    }

    private static int Warm(int read) => read % Seed.Products;

    private int Cold(int read) => Seed.Products + (_next++ % (_products - Seed.Products));

    private async Task RunAsync(List<double> times, Func<int, int> product)
    {
        for (var read = 0; !_over.IsCancellationRequested; read++)
        {
            var started = Stopwatch.GetTimestamp();
            using var response = await _client.GetAsync(
                new Uri($"/api/v1/products/{Seed.FirstProduct + product(read)}", UriKind.Relative));
            response.EnsureSuccessStatusCode();
            await response.Content.CopyToAsync(Stream.Null);
            lock (_lock)
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await Task.Delay(Pause);
        }
    }
}
