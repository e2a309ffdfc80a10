namespace ECommerce.Features.PrestaShop.Webservice;

/// <summary>
/// Slows the requests to a shop down to the rate that its host allows: the interval doubles with every 429 and shrinks
/// slowly with every other response.
/// </summary>
internal sealed class RequestPace(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Negligible = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(1);

    private TimeSpan _interval;
    private DateTimeOffset _next = DateTimeOffset.MinValue;

    /// <summary>Waits for the moment of the next request.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        var wait = _next - time.GetUtcNow();
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time, ct);
        _next = time.GetUtcNow() + _interval;
    }

    /// <summary>A 429: the next request comes after what the host asks for, or after a second.</summary>
    public void SlowDown(TimeSpan? retryAfter)
    {
        var doubled = _interval < First ? First : 2 * _interval;
        _interval = doubled < Longest ? doubled : Longest;
        _next = time.GetUtcNow() + (retryAfter ?? DefaultRetryAfter);
    }

    public void Accept()
    {
        _interval *= 0.97;
        if (_interval < Negligible)
            _interval = TimeSpan.Zero;
    }
}
