namespace ECommerce.Caching.Redis;

/// <summary>
/// Collects the look-ups that fills of one call make together, and sends them in one round trip: those of the beginning
/// by <see cref="Send"/>, later ones, of fills that wait for another node, as soon as a thread is free.
/// </summary>
internal sealed class LookupBatch(RedisLayer layer)
{
    private readonly Lock _lock = new();
    private List<(LookupCall Call, TaskCompletionSource<RedisLookup> Reply)> _collected = [];
    private bool _isSent = true;

    /// <summary>Completes when the batch that it belongs to was sent and Redis has replied.</summary>
    public Task<RedisLookup> LookupAsync(LookupCall call)
    {
        // Continues in SendAsync: a look-up that found its value needs no other thread.
        var reply = new TaskCompletionSource<RedisLookup>();
        lock (_lock)
        {
            _collected.Add((call, reply));
            if (_isSent)
                return reply.Task;
            _isSent = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static batch => batch.Send(), this, preferLocal: false);
        return reply.Task;
    }

    /// <summary>Sends what was collected. Its failure is that of each look-up.</summary>
    public void Send() => _ = SendAsync();

    private async Task SendAsync()
    {
        List<(LookupCall Call, TaskCompletionSource<RedisLookup> Reply)> sent;
        lock (_lock)
        {
            (sent, _collected) = (_collected, []);
            _isSent = false;
        }
        if (sent.Count == 0)
            return;
        try
        {
            var found = await layer.LookupAsync([.. sent.Select(static one => one.Call)]).ConfigureAwait(false);
            for (var i = 0; i < found.Length; i++)
                sent[i].Reply.TrySetResult(found[i]);
        }
        catch (Exception exception)
        {
            foreach (var (_, reply) in sent)
                reply.TrySetException(exception);
        }
    }
}
