using System.Globalization;

namespace ECommerce.Benchmarks.Sync;

/// <summary>The resident memory of a process while something goes on: how far it grows above where it began.</summary>
internal sealed class ResidentMemory : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _over = new();
    private readonly Task _sampling;
    private readonly long _first;
    private long _most;

    private ResidentMemory(int process)
    {
        _first = _most = Read(process);
        _sampling = SampleAsync(process);
    }

    public double GrowthInMegabytes => (_most - _first) / 1024d;

    public static ResidentMemory Of(int process) => new(process);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _sampling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over.Dispose();
    }

    private async Task SampleAsync(int process)
    {
        while (true)
        {
            await Task.Delay(Period, _over.Token);
            _most = Math.Max(_most, Read(process));
        }
    }

    // In kilobytes, as Linux shows it: "VmRSS:    123456 kB".
    private static long Read(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
