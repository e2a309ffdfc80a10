using System.Collections.Concurrent;

namespace ECommerce.Caching.Tests.Support;

/// <summary>
/// A source that loads many keys at once, counts its calls, and may stand still until the test opens it.
/// </summary>
internal sealed class BatchSource(bool isOpen = true)
{
    // One that is never opened fails its test and does not block all the others.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<string[]> _calls = new();
    private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _open =
        isOpen ? Opened() : new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The keys of each call.</summary>
    public string[][] Calls => [.. _calls];

    public Task Entered => _entered.Task.WaitAsync(TimeSpan.FromSeconds(10));

    /// <summary>Completes when the token of a call was cancelled.</summary>
    public Task Stopped => _stopped.Task.WaitAsync(TimeSpan.FromSeconds(10));

    public Exception? Failure { get; set; }

    /// <summary>What a call decides about its entries.</summary>
    public Action<CacheBatchContext>? Decides { get; set; }

    /// <summary>The value of a key: by default its last segment and the number of the call.</summary>
    public Func<string, int, string?> Value { get; set; } =
        static (key, call) => $"{key.Split(':')[^1]} of call {call}";

    public void Open() => _open.TrySetResult();

    public Task<IReadOnlyList<string?>> ReadAsync(
        CacheNode node, IReadOnlyList<string> keys, CachePolicy? policy = null, CancellationToken? token = null) =>
        node.Cache.GetOrCreateManyAsync<BatchSource, string?>(
            keys, this, static (source, context, ct) => source.LoadAsync(context, ct), policy ?? CacheNode.Product,
            token ?? TestContext.Current.CancellationToken).AsTask();

    private async ValueTask<IReadOnlyDictionary<string, string?>> LoadAsync(
        CacheBatchContext context, CancellationToken ct)
    {
        _calls.Enqueue([.. context.Keys]);
        var call = _calls.Count;
        _entered.TrySetResult();
        try
        {
            await _open.Task.WaitAsync(Patience, ct);
        }
        catch (OperationCanceledException)
        {
            _stopped.TrySetResult();
            throw;
        }
        Decides?.Invoke(context);
        return Failure is { } failure ? throw failure
            : context.Keys.ToDictionary(key => key, key => Value(key, call));
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }
}
