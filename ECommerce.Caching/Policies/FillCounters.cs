namespace ECommerce.Caching.Policies;

/// <summary>
/// What the misses of one policy led to. Counted on the way to a factory only, so without stripes.
/// </summary>
internal sealed class FillCounters
{
    private static readonly int Causes = Enum.GetValues<MissCause>().Length;

    private readonly long[] _causes = new long[Causes];
    private long _succeeded, _failed, _cancelled, _joined, _joinedCluster, _stale;

    public long Succeeded => Volatile.Read(ref _succeeded);
    public long Failed => Volatile.Read(ref _failed);
    public long Cancelled => Volatile.Read(ref _cancelled);

    /// <summary>Callers that shared the run of another one on this node.</summary>
    public long Joined => Volatile.Read(ref _joined);

    /// <summary>Runs that waited for the value of another node.</summary>
    public long JoinedCluster => Volatile.Read(ref _joinedCluster);

    public long StaleServed => Volatile.Read(ref _stale);

    /// <summary>How long the factories ran.</summary>
    public TimedReads Time { get; } = new();

    public long Of(MissCause cause) => Volatile.Read(ref _causes[(int)cause]);

    public void Count(MissCause cause) => Interlocked.Increment(ref _causes[(int)cause]);

    public void Succeed() => Interlocked.Increment(ref _succeeded);

    public void Fail() => Interlocked.Increment(ref _failed);

    public void Cancel() => Interlocked.Increment(ref _cancelled);

    public void Join() => Interlocked.Increment(ref _joined);

    public void JoinCluster() => Interlocked.Increment(ref _joinedCluster);

    public void ServeStale() => Interlocked.Increment(ref _stale);
}
