namespace ECommerce.Caching.Memory;

/// <summary>
/// Which hits in memory are timed and counted by key: all of them while there are few, one in 1024 at most under load.
/// The mask is a field of the reader, so that a hit that is not sampled reads nothing else.
/// </summary>
internal sealed class HitSample
{
    /// <summary>A hit whose count has none of these bits is sampled.</summary>
    private const long MaxMask = 1023;

    // Between two calls of Adapt.
    private const int Many = 128;
    private const int Few = 32;
    private const int Most = 1024;

    private int _taken;

    /// <summary>Takes a hit into the sample: for how many it stands.</summary>
    public int Take(ref long mask)
    {
        var standsFor = (int)Volatile.Read(ref mask) + 1;
        // A sudden load does not wait for the next call of Adapt.
        if (Interlocked.Increment(ref _taken) > Most)
            Volatile.Write(ref mask, MaxMask);
        return standsFor;
    }

    /// <summary>Adapts the mask to how many hits were sampled since the last call.</summary>
    public void Adapt(ref long mask)
    {
        var (taken, now) = (Interlocked.Exchange(ref _taken, 0), Volatile.Read(ref mask));
        if (taken > Many)
            Volatile.Write(ref mask, Math.Min(MaxMask, (now << 1) | 1));
        else if (taken < Few)
            Volatile.Write(ref mask, now >> 1);
    }
}
