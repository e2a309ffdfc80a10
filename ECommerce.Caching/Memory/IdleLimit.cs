namespace ECommerce.Caching.Memory;

/// <summary>
/// Sliding expiration of an entry in memory: it ends when it was not read for a period. A read renews it once half of
/// the period has passed; until then reads do not look here.
/// </summary>
/// <param name="period">The period.</param>
/// <param name="freshUntil">When the entry is no longer fresh, however often it is read.</param>
/// <param name="now">The present time of the clock.</param>
internal sealed class IdleLimit(TimeSpan period, long freshUntil, long now)
{
    private readonly long _period = (long)period.TotalMilliseconds;
    private long _until = now + (long)period.TotalMilliseconds;

    public TimeSpan Period => period;

    /// <summary>In milliseconds of <see cref="CacheClock"/>, like all times here.</summary>
    public long FreshUntil => freshUntil;

    /// <summary>When the entry ends unless it is read.</summary>
    public long Until => Volatile.Read(ref _until);

    /// <summary>Until when reads need not look here.</summary>
    public long NextLook => Math.Min(freshUntil, Until - (_period / 2));

    /// <summary>
    /// Renews it, for one of concurrent readers, if half of the period has passed and it has not ended.
    /// </summary>
    public bool TryRenew(long now)
    {
        var until = Until;
        return now < until && until - now <= _period / 2
            && Interlocked.CompareExchange(ref _until, now + _period, until) == until;
    }
}
