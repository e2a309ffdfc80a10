namespace ECommerce.Features.Data.Overload;

/// <summary>The permit of a read that fills the caches ahead of requests.</summary>
internal sealed class WarmingPermit(SemaphoreSlim permits) : IDisposable
{
    private int _isReleased;

    public bool IsReleased => Volatile.Read(ref _isReleased) != 0;

    /// <summary>Releases it; called again, does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            permits.Release();
    }
}
