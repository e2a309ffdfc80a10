namespace ECommerce.Mocks.PrestaShop.Control;

/// <summary>The rate that the host allows: refused requests do not count.</summary>
internal sealed class RequestRate(TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    /// <summary>Whether the last request that was allowed is at least so long ago.</summary>
    public bool IsAllowed(int intervalMs)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (now - _last < TimeSpan.FromMilliseconds(intervalMs))
                return false;
            _last = now;
            return true;
        }
    }
}
