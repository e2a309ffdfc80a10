using ECommerce.Caching;
using ECommerce.Caching.Warming;

namespace ECommerce.Features.Common.Warming;

/// <summary>One run of warming and how far it is.</summary>
internal sealed class WarmingRun(long number, string? tenant, TimeProvider time, WarmingState state)
{
    private volatile WarmingState _state = state;
    private long _startedAt;
    private TimeSpan _elapsed;
    private int _total, _done, _failed;

    public long Number => number;

    public string? Tenant => tenant;

    public WarmingState State => _state;

    public WarmingProgress Progress => new(
        CacheHealth.Node, number, _state, tenant, Volatile.Read(ref _total), Volatile.Read(ref _done),
        Volatile.Read(ref _failed), _state == WarmingState.Running ? time.GetElapsedTime(_startedAt) : _elapsed);

    public void Start()
    {
        _startedAt = time.GetTimestamp();
        _state = WarmingState.Running;
    }

    public void SetTotal(int total) => Volatile.Write(ref _total, total);

    public void Ended(bool isFailed)
    {
        if (isFailed)
            Interlocked.Increment(ref _failed);
        Interlocked.Increment(ref _done);
    }

    public void End()
    {
        _elapsed = time.GetElapsedTime(_startedAt);
        _state = WarmingState.Done;
    }
}
