namespace ECommerce.Features.ShopAccess;

/// <summary>
/// Wakes the worker of this node that pushes states to shops, once the write that makes a push is committed. Without it
/// the worker finds the row at its next poll.
/// </summary>
internal sealed class StatePushSignal : IDisposable
{
    private readonly SemaphoreSlim _woken = new(0);

    public void Wake() => _woken.Release();

    /// <summary>Returns when woken, or when the period is over.</summary>
    public async Task WaitAsync(TimeSpan period, CancellationToken ct)
    {
        await _woken.WaitAsync(period, ct);
        // Several wakes before are one.
        while (await _woken.WaitAsync(TimeSpan.Zero, ct))
        {
        }
    }

    public void Dispose() => _woken.Dispose();
}
