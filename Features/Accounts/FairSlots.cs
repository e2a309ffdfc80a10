namespace ECommerce.Features.Accounts;

/// <summary>
/// A number of slots that waiting clients get in turn, address by address: many attempts of one address do not delay
/// one of another.
/// </summary>
internal sealed class FairSlots(int slots, int maxWaitingPerAddress, int maxWaiting)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<TaskCompletionSource>> _waiting = new(StringComparer.Ordinal);

    // Each address with waiting attempts once; the first is the next to get a slot.
    private readonly Queue<string> _turns = new();
    private int _free = slots;
    private int _count;

    /// <summary>Waits for a slot. Returns null when too many are waiting, or on cancellation.</summary>
    public async Task<IDisposable?> TryAcquireAsync(string address, CancellationToken ct)
    {
        TaskCompletionSource turn;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return new Slot(this);
            }
            var isFirst = !_waiting.TryGetValue(address, out var queue);
            if (_count >= maxWaiting || queue?.Count >= maxWaitingPerAddress)
                return null;
            if (isFirst)
            {
                _waiting[address] = queue = new Queue<TaskCompletionSource>();
                _turns.Enqueue(address);
            }
            turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            queue!.Enqueue(turn);
            _count++;
        }
        // Cancelled attempts stay in their queue until it is their turn: whichever sets the result first counts.
        await using var cancelling = ct.Register(() => turn.TrySetCanceled(ct));
        try
        {
            await turn.Task;
            return new Slot(this);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private void Release()
    {
        lock (_lock)
        {
            while (_turns.TryDequeue(out var address))
            {
                var queue = _waiting[address];
                var next = queue.Dequeue();
                _count--;
                if (queue.Count > 0)
                    _turns.Enqueue(address);
                else
                    _waiting.Remove(address);
                if (next.TrySetResult())
                    return;
            }
            _free++;
        }
    }

    private sealed class Slot(FairSlots slots) : IDisposable
    {
        private FairSlots? _slots = slots;

        public void Dispose() => Interlocked.Exchange(ref _slots, null)?.Release();
    }
}
