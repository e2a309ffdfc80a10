using System.Collections.Concurrent;

namespace ECommerce.Features.CacheAdministration.Analytics;

/// <summary>
/// What many watchers ask for at the same time is made once, and used for a moment. Bounded: when it is full, it is
/// emptied.
/// </summary>
internal sealed class ShortMemo<TKey, T>(TimeProvider time, TimeSpan lifetime, int maxEntries)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Entry> _entries = [];

    public Task<T> GetAsync(TKey key, Func<TKey, Task<T>> make)
    {
        if (_entries.Count >= maxEntries)
            _entries.Clear();
        var entry = _entries.AddOrUpdate(
            key, _ => new Entry(time.GetTimestamp(), new Lazy<Task<T>>(() => make(key))),
            (_, kept) => IsUsable(kept)
                ? kept : new Entry(time.GetTimestamp(), new Lazy<Task<T>>(() => make(key))));
        return entry.Value.Value;
    }

    // What is still being made is for all that ask meanwhile; what failed is made anew.
    private bool IsUsable(Entry entry) => !entry.Value.IsValueCreated || !entry.Value.Value.IsCompleted
        || (entry.Value.Value.IsCompletedSuccessfully && time.GetElapsedTime(entry.MadeAt) < lifetime);

    private sealed record Entry(long MadeAt, Lazy<Task<T>> Value);
}
