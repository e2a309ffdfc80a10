using System.Runtime.CompilerServices;
using ECommerce.Caching.Keys;

namespace ECommerce.Caching.Memory;

/// <summary>
/// Entries by their keys: read without a lock, written by one thread at a time under the lock of
/// <see cref="MemoryLayer"/>.
/// </summary>
/// <remarks>
/// Chains of entries in buckets, and the entries themselves are the links. There are at most twice as many buckets as
/// were needed so far, because a hit waits for nothing longer than for its bucket to come into the processor's cache.
/// An entry is added once. Removed nodes keep their Next link, so concurrent readers can continue. When the table
/// grows, links change under concurrent readers: these may skip entries, so a reader that finds nothing checks whether
/// entries were moved meanwhile.
/// </remarks>
internal sealed class KeyTable
{
    private const int MinBuckets = 16;
    private const int MaxBuckets = 1 << 22;

    private readonly KeyHash _hash = new();
    private readonly Lock _growth = new();
    private volatile bool _isGrowing;
    private int _enumerations;
    private Bucket[] _buckets = new Bucket[MinBuckets];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// What is there while it is asked for. The table does not grow meanwhile, so nothing that stays is left out.
    /// </summary>
    public IEnumerable<CacheEntry> Entries
    {
        get
        {
            lock (_growth)
                _enumerations++;
            try
            {
                var buckets = _buckets;
                for (var i = 0; i < buckets.Length; i++)
                {
                    for (var entry = Volatile.Read(ref buckets[i].First); entry is not null; entry = entry.Next)
                        yield return entry;
                }
            }
            finally
            {
                lock (_growth)
                    _enumerations--;
            }
        }
    }

    public CacheEntry? Find(ReadOnlySpan<char> key)
    {
        var (hash, buckets) = (_hash.Calculate(key), _buckets);
        for (var entry = Volatile.Read(ref First(buckets, hash)); entry is not null; entry = entry.Next)
        {
            if (entry.Hash == hash && key.SequenceEqual(entry.Key))
                return entry;
        }
        return HasMoved(buckets) ? FindAgain(key) : null;
    }

    /// <summary>Hides an entry of the same key until that is removed.</summary>
    public void Add(CacheEntry entry)
    {
        if (_count >= _buckets.Length / 2 && _buckets.Length < MaxBuckets)
            Grow();
        entry.Hash = _hash.Calculate(entry.Key);
        ref var first = ref First(_buckets, entry.Hash);
        entry.Next = first;
        // Written last: a reader that sees the entry sees its Next link.
        Volatile.Write(ref first, entry);
        _count++;
    }

    /// <summary>Removes this very entry; false if it is not there.</summary>
    public bool Remove(CacheEntry entry)
    {
        ref var link = ref First(_buckets, entry.Hash);
        while (link is not null && link != entry)
            link = ref link.Next;
        if (link is null)
            return false;
        link = entry.Next;
        _count--;
        return true;
    }

    private static ref CacheEntry? First(Bucket[] buckets, int hash) => ref buckets[hash & (buckets.Length - 1)].First;

    private bool HasMoved(Bucket[] since)
    {
        // The links were read before the flag is.
        Volatile.ReadBarrier();
        return _isGrowing || _buckets != since;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private CacheEntry? FindAgain(ReadOnlySpan<char> key)
    {
        lock (_growth)
            return Find(key);
    }

    private void Grow()
    {
        lock (_growth)
        {
            if (_enumerations > 0)
                return;
            var (old, grown) = (_buckets, new Bucket[_buckets.Length * 2]);
            _isGrowing = true;
            // A reader that sees a changed link sees the flag set.
            Interlocked.MemoryBarrier();
            for (var i = 0; i < old.Length; i++)
                Split(old[i].First, old.Length, ref grown[i].First, ref grown[i + old.Length].First);
            Volatile.Write(ref _buckets, grown);
            _isGrowing = false;
        }
    }

    // Each half keeps its order, so that what hides another entry goes on to.
    private static void Split(CacheEntry? entry, int bit, ref CacheEntry? low, ref CacheEntry? high)
    {
        for (; entry is not null; entry = entry.Next)
        {
            if ((entry.Hash & bit) == 0)
            {
                low = entry;
                low = ref entry.Next;
            }
            else
            {
                high = entry;
                high = ref entry.Next;
            }
        }
        low = high = null;
    }

    // Around the reference: of an array of references the runtime asks at each access of what class it is.
    private struct Bucket
    {
        public CacheEntry? First;
    }
}
