using System.Diagnostics;

namespace ECommerce.Caching.Policies;

/// <summary>The time of reads, of which not all are timed: one that is stands for several.</summary>
internal sealed class TimedReads
{
    private long _count, _ticks;

    public long Count => Volatile.Read(ref _count);

    public double Seconds => Volatile.Read(ref _ticks) / (double)Stopwatch.Frequency;

    public void Add(long ticks, int standsFor = 1)
    {
        Interlocked.Add(ref _count, standsFor);
        Interlocked.Add(ref _ticks, standsFor * ticks);
    }
}
