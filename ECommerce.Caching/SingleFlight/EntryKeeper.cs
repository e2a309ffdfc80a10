using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.Tags;

namespace ECommerce.Caching.SingleFlight;

/// <summary>Makes entries of values and keeps them in L1, where the backend has one.</summary>
internal sealed class EntryKeeper(CacheSettings settings, MemoryLayer memory, CacheClock clock, CacheLog log)
{
    // What an entry in L1 takes besides its value: the object, its place in the table and the queue; its key; its tags.
    private const int EntryOverhead = 160;
    private const int StampSize = 16;

    public CacheEntry<T> Keep<T>(
        string key, T value, PolicyState policy, TagSet held, long asOf, long readAt, TimeSpan freshFor,
            TimeSpan livesFor,
        ReadOnlyMemory<byte> payload)
    {
        var now = clock.Now;
        var size = payload.Length + EntryOverhead + (2 * key.Length) + (StampSize * held.Count);
        var mutable = ImmutableType<T>.MutableMember(value);
        if (mutable is not null)
            log.CopiedOnce(typeof(T), mutable);
        var entry = new CacheEntry<T>(
            value, key, policy, held.HandOver(), asOf, readAt, now + (long)freshFor.TotalMilliseconds,
            now + (long)livesFor.TotalMilliseconds, size, mutable is null ? null : payload.ToArray());
        if (settings.Backend == CacheBackend.Redis)
            entry.ReleaseTags();
        else if (memory.Add(entry))
            log.Set(key, payload.Length, "memory");
        // After it was added: a flag that was switched off meanwhile has already gone through L1.
        if (policy.IsOff)
            memory.Remove(entry);
        return entry;
    }
}
