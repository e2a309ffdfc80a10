namespace ECommerce.Benchmarks.Peers.Probes;

/// <summary>A factory that has read its value and returns it when the probe opens the gate.</summary>
internal sealed class GatedFactory(string value)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _runs;

    /// <summary>Completes when the first run has begun.</summary>
    public Task Entered => _entered.Task.WaitAsync(Limit);

    public int Runs => Volatile.Read(ref _runs);

    public void Open() => _open.TrySetResult();

    public async Task<string> RunAsync(CancellationToken ct)
    {
        Interlocked.Increment(ref _runs);
        _entered.TrySetResult();
        await _open.Task.WaitAsync(Limit, ct);
        return value;
    }
}
