namespace ECommerce.Caching.Memory;

/// <summary>
/// Milliseconds that only move forward. Entry lifetimes are compared with it on every hit, and
/// <see cref="Environment.TickCount64"/> costs a sixth of any wall clock; its grain of some milliseconds is far below
/// the shortest lifetime.
/// </summary>
internal sealed class CacheClock
{
    private long _offset;

    public long Now => Environment.TickCount64 + Volatile.Read(ref _offset);

    /// <summary>For tests: time passes without waiting for it.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _offset, (long)by.TotalMilliseconds);
}
