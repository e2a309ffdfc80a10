namespace ECommerce.Caching.Tags;

/// <summary>
/// The highest number this node has seen Redis issue, in any result or message. A writer draws a number after the
/// commit, so all writes whose numbers are not above this one were committed before now.
/// </summary>
internal sealed class HighWaterMark(TimeProvider time)
{
    private const long Day = 24L * 60 * 60 * 1_000_000;

    private long _last;

    // Until the first heartbeat the clock of this node has to do: a number refused meanwhile costs only what L1 has.
    private long _limit = ((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond) + Day;

    /// <summary>Zero: none yet.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>
    /// The highest number that is believed, as Redis' own time bounds it. What is above was issued by no Redis: a
    /// message, a key or an entry holds something else than ours.
    /// </summary>
    public void Bound(long limit) => Volatile.Write(ref _limit, limit);

    /// <summary>Whether Redis may have issued a number.</summary>
    public bool IsPlausible(long number) => number >= 0 && number <= Volatile.Read(ref _limit);

    /// <summary>Notes a number. One that is not plausible is ignored.</summary>
    public void Observe(long number)
    {
        if (!IsPlausible(number))
            return;
        var known = Last;
        while (known < number)
        {
            var seen = Interlocked.CompareExchange(ref _last, number, known);
            if (seen == known)
                return;
            known = seen;
        }
    }
}
