namespace ECommerce.Caching.Tests.Support;

/// <summary>A factory that stands still until the test lets it go on.</summary>
internal sealed class Gate
{
    // A gate that is never opened fails its test and does not block all the others.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _runs;

    public Task Entered => _entered.Task.WaitAsync(TimeSpan.FromSeconds(10));

    public Task Stopped => _stopped.Task;

    public int Runs => Volatile.Read(ref _runs);

    public void Open() => _open.TrySetResult();

    public Task<string?> ReadAsync(
        CacheNode node, string key, string? value, CancellationToken ct, Exception? failure = null,
        string? dependsOn = null, CachePolicy? policy = null) =>
        node.Cache.GetOrCreateAsync(key, this, async (gate, context, cancelled) =>
        {
            Interlocked.Increment(ref gate._runs);
            gate._entered.TrySetResult();
            try
            {
                await gate._open.Task.WaitAsync(Patience, cancelled);
            }
            catch (OperationCanceledException)
            {
                gate._stopped.TrySetResult();
                throw;
            }
            if (dependsOn is not null)
                context.DependsOn(dependsOn);
            return failure is null ? value : throw failure;
        }, policy ?? CacheNode.Product, ct).AsTask();
}
