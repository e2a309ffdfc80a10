namespace ECommerce.Caching.Policies;

/// <summary>
/// A count that many threads raise at once, often: each thread has a cache line of its own
/// (<see cref="ThreadStripe"/>).
/// </summary>
internal sealed class StripedCounter
{
    // In longs: 128 bytes, because processors fetch lines in pairs. The first space keeps the array's own header away.
    private const int Space = 16;

    private readonly long[] _stripes = new long[ThreadStripe.Count * Space];

    public long Value
    {
        get
        {
            var sum = 0L;
            for (var i = Space; i < _stripes.Length; i += Space)
                sum += Volatile.Read(ref _stripes[i]);
            return sum;
        }
    }

    /// <summary>Returns the count of the thread's own stripe.</summary>
    public long Increment()
    {
        var stripe = ThreadStripe.Mine;
        ref var count = ref _stripes[stripe * Space];
        if (stripe == ThreadStripe.Shared)
            return Interlocked.Increment(ref count);
        var next = count + 1;
        Volatile.Write(ref count, next); // Only this thread writes here.
        return next;
    }
}
