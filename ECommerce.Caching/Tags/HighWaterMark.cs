namespace ECommerce.Caching.Tags;

/// <summary>
/// The highest number this node has seen Redis issue, in any result or message. A writer draws a number after the
/// commit, so all writes whose numbers are not above this one were committed before now.
/// </summary>
internal sealed class HighWaterMark
{
    private long _last;

    /// <summary>Zero: none yet.</summary>
    public long Last => Volatile.Read(ref _last);

    public void Observe(long number)
    {
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
