using System.Numerics;

namespace ECommerce.Caching;

/// <summary>
/// Entries by their keys: read by anybody without a lock, written by one at a time, who holds the lock of <see cref="MemoryLayer"/>.
/// </summary>
/// <remarks>
/// Chains of entries in buckets, and the entries themselves are the links. The number of buckets follows from what the layer may hold and never changes, so a
/// reader never meets a table that is being copied. An entry is put in once: one that is taken out still leads on to those behind it, so whoever stands on it
/// finds his way.
/// </remarks>
internal sealed class KeyTable(int mostEntries)
{
    private const uint FewestBuckets = 16;
    private const uint MostBuckets = 1 << 22;

    private readonly KeyHash _hash = new();
    private readonly CacheEntry?[] _buckets = new CacheEntry?[Math.Clamp(BitOperations.RoundUpToPowerOf2((uint)Math.Min(mostEntries, MostBuckets)) * 2, FewestBuckets, MostBuckets)];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>What is there while it is asked for.</summary>
    public IEnumerable<CacheEntry> Entries
    {
        get
        {
            for (var i = 0; i < _buckets.Length; i++)
            {
                for (var entry = Volatile.Read(ref _buckets[i]); entry is not null; entry = entry.Next)
                    yield return entry;
            }
        }
    }

    public CacheEntry? Find(ReadOnlySpan<char> key)
    {
        var hash = _hash.Of(key);
        for (var entry = Volatile.Read(ref Bucket(hash)); entry is not null; entry = entry.Next)
        {
            if (entry.Hash == hash && key.SequenceEqual(entry.Key))
                return entry;
        }
        return null;
    }

    /// <summary>Hides an entry of the same key until that is removed.</summary>
    public void Add(CacheEntry entry)
    {
        entry.Hash = _hash.Of(entry.Key);
        ref var bucket = ref Bucket(entry.Hash);
        entry.Next = bucket;
        // Last: who sees the entry sees where it leads.
        Volatile.Write(ref bucket, entry);
        _count++;
    }

    /// <summary>Removes this very entry; false if it is not there.</summary>
    public bool Remove(CacheEntry entry)
    {
        ref var link = ref Bucket(entry.Hash);
        while (link is not null && link != entry)
            link = ref link.Next;
        if (link is null)
            return false;
        link = entry.Next;
        _count--;
        return true;
    }

    private ref CacheEntry? Bucket(int hash) => ref _buckets[hash & (_buckets.Length - 1)];
}
