namespace ECommerce.Caching.Policies;

/// <summary>How often the layers could answer for one policy. Counted here and read when somebody asks: a hit must not pay for who listens.</summary>
internal sealed class PolicyCounters
{
    private long _applicationMisses;

    public StripedCounter MemoryHits { get; } = new();
    public StripedCounter RedisHits { get; } = new();
    public StripedCounter OutputHits { get; } = new();
    public StripedCounter MemoryMisses { get; } = new();
    public StripedCounter RedisMisses { get; } = new();
    public StripedCounter OutputMisses { get; } = new();

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
    /// What neither layer had. What Redis is being asked for just now counts as a miss until it answers; told so once, it stays one until the count has
    /// caught up, because a counter that goes back reads as a restart.
    /// </summary>
    public long ApplicationMisses()
    {
        var redis = RedisHits.Value;
        var missed = MemoryMisses.Value - redis;
        var told = Volatile.Read(ref _applicationMisses);
        while (missed > told && Interlocked.CompareExchange(ref _applicationMisses, missed, told) is var now && now != told)
            told = now;
        return Math.Max(missed, told);
    }
}
