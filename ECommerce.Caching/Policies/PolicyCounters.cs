namespace ECommerce.Caching.Policies;

/// <summary>
/// Hits and misses of one policy by layer. Counted here and read by observable instruments: a hit costs the same
/// without listeners.
/// </summary>
internal sealed class PolicyCounters
{
    private long _applicationMisses;

    public StripedCounter MemoryHits { get; } = new();
    public StripedCounter RedisHits { get; } = new();
    public StripedCounter OutputHits { get; } = new();
    public StripedCounter MemoryMisses { get; } = new();
    public StripedCounter RedisMisses { get; } = new();
    public StripedCounter OutputMisses { get; } = new();

    /// <summary>How long the layers took, as far as reads are timed.</summary>
    public TimedReads MemoryTime { get; } = new();
    public TimedReads RedisTime { get; } = new();
    public TimedReads OutputTime { get; } = new();

    /// <summary>What the misses led to.</summary>
    public FillCounters Fills { get; } = new();

    /// <summary>What was asked, each read once: what memory had not, Redis may have had.</summary>
    public (long Hits, long Misses) Reads
    {
        get
        {
            var redis = RedisHits.Value;
            return (MemoryHits.Value + redis + OutputHits.Value, Math.Max(0, MemoryMisses.Value - redis));
        }
    }

    /// <summary>For results of application services it does not matter which layer had them.</summary>
    public long ApplicationHits => MemoryHits.Value + RedisHits.Value;

    /// <summary>
    /// Misses of both layers. A pending look-up in Redis counts as a miss until it completes; once reported, the count
    /// does not decrease, because a counter that goes back reads as a restart.
    /// </summary>
    public long ApplicationMisses()
    {
        var redis = RedisHits.Value;
        var missed = MemoryMisses.Value - redis;
        var reported = Volatile.Read(ref _applicationMisses);
        while (missed > reported && Interlocked.CompareExchange(ref _applicationMisses, missed, reported) is var now
            && now != reported)
        {
            reported = now;
        }
        return Math.Max(missed, reported);
    }
}
