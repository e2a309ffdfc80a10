using System.Numerics;

namespace ECommerce.Caching;

/// <summary>A count that many threads raise at once, often: each of a few groups of threads has a cache line of its own.</summary>
internal sealed class StripedCounter
{
    // In longs: 128 bytes, because processors fetch lines in pairs. The first space keeps the array's own header away.
    private const int Space = 16;
    private const int MostStripes = 16;
    private static readonly int Mask = (int)Math.Min(MostStripes, BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount)) - 1;

    private readonly long[] _stripes = new long[(Mask + 2) * Space];

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

    public void Increment() => Interlocked.Increment(ref _stripes[((Environment.CurrentManagedThreadId & Mask) + 1) * Space]);
}
