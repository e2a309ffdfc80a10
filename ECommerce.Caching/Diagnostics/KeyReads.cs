namespace ECommerce.Caching.Diagnostics;

/// <summary>A key and about how often it was read in the last quarter of an hour, on one node or on several.</summary>
/// <param name="Key">The key.</param>
/// <param name="Reads">An estimate: hits in memory are sampled, and old reads count less and less.</param>
public sealed record KeyCount(string Key, long Reads);

/// <summary>
/// The most-read keys, within bounded memory (Misra and Gries, 1982): of a key that is not among them the count is too
/// low by at most a share of all reads. Counts are halved every ten minutes.
/// </summary>
/// <remarks>
/// What is read from memory is sampled by <see cref="CacheMetrics.MemoryRead"/>; a hit itself counts nothing here. What
/// is not, costs a look-up in Redis or more.
/// </remarks>
internal sealed class KeyReads(TimeProvider time)
{
    /// <summary>How many keys are counted at once.</summary>
    internal const int Capacity = 1024;

    private static readonly TimeSpan HalfLife = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, double> _counts = new(Capacity, StringComparer.Ordinal);
    private long _halvedAt = time.GetTimestamp();

    public void Count(string key, int reads = 1)
    {
        lock (_lock)
        {
            Age_NeedsLock();
            if (_counts.TryGetValue(key, out var count))
                _counts[key] = count + reads;
            else if (_counts.Count < Capacity || MakeRoom_NeedsLock(reads))
                _counts[key] = reads;
        }
    }

    /// <summary>About how often a key was read lately; zero if it is not among the counted ones.</summary>
    public long Of(string key)
    {
        lock (_lock)
        {
            Age_NeedsLock();
            return (long)Math.Round(_counts.GetValueOrDefault(key));
        }
    }

    /// <summary>The most-read ones of those that a predicate names, most reads first.</summary>
    public IReadOnlyList<KeyCount> Top(int limit, Func<string, bool> covers)
    {
        KeyValuePair<string, double>[] all;
        lock (_lock)
        {
            Age_NeedsLock();
            all = [.. _counts];
        }
        return
        [
            .. all.Where(one => one.Value >= 0.5 && covers(one.Key)).OrderByDescending(static one => one.Value)
                .ThenBy(static one => one.Key, StringComparer.Ordinal).Take(limit)
                .Select(static one => new KeyCount(one.Key, (long)Math.Round(one.Value))),
        ];
    }

    // All counts are lowered by the same amount, so that the lowest ones make room: once for many new keys.
    private bool MakeRoom_NeedsLock(int reads)
    {
        var lowest = Math.Min(_counts.Values.Min(), reads);
        foreach (var (key, count) in _counts)
        {
            // Removing and setting while enumerating is allowed in a Dictionary.
            if (count <= lowest)
                _counts.Remove(key);
            else
                _counts[key] = count - lowest;
        }
        return _counts.Count < Capacity && reads > lowest;
    }

    private void Age_NeedsLock()
    {
        while (time.GetElapsedTime(_halvedAt) >= HalfLife)
        {
            _halvedAt += (long)(HalfLife.TotalSeconds * time.TimestampFrequency);
            foreach (var (key, count) in _counts)
            {
                if (count < 1)
                    _counts.Remove(key);
                else
                    _counts[key] = count / 2;
            }
        }
    }
}
