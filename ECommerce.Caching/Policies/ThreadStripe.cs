using System.Numerics;
using System.Runtime.CompilerServices;

namespace ECommerce.Caching.Policies;

/// <summary>
/// The number of the stripe that belongs to the calling thread alone, so that it counts there without the bus lock of
/// an atomic addition. Stripes are given back when their threads have ended; threads beyond the number of stripes share
/// one.
/// </summary>
internal sealed class ThreadStripe
{
    public const int Shared = 1;
    private const int FirstOwn = 2;

    /// <summary>One more than the highest number.</summary>
    public static readonly int Count =
        FirstOwn + (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount) * 8, 16, 64);

    [ThreadStatic]
    private static int _mine;

    // Only the thread refers to it: its finalizer runs when the thread has ended.
    [ThreadStatic]
    private static ThreadStripe? _holder;

    private static ulong _taken;

    private readonly ulong _bit;

    private ThreadStripe(ulong bit) => _bit = bit;

    ~ThreadStripe() => Interlocked.And(ref _taken, ~_bit);

    public static int Mine => _mine is not 0 and var mine ? mine : Take();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Take()
    {
        while (true)
        {
            var taken = Volatile.Read(ref _taken);
            var free = BitOperations.TrailingZeroCount(~taken);
            if (free >= Count - FirstOwn)
                return _mine = Shared;
            if (Interlocked.CompareExchange(ref _taken, taken | (1UL << free), taken) != taken)
                continue;
            _holder = new ThreadStripe(1UL << free);
            return _mine = FirstOwn + free;
        }
    }
}
