using System.Runtime.CompilerServices;

namespace ECommerce.Caching.Hashing;

/// <summary>What a <see cref="KeyTable{T}"/> has under a key: linked into a bucket of it, and added once.</summary>
internal abstract class KeyTableNode<T>(string key)
    where T : KeyTableNode<T>
{
    public T? Next;
    public int Hash;

    public string Key { get; } = key;
}

/// <summary>
/// Objects by their keys: read without a lock, written by one thread at a time under a lock of its owner.
/// </summary>
/// <remarks>
/// Chains of objects in buckets, and the objects themselves are the links. An object is added once. Removed ones keep
/// their Next link, so concurrent readers can continue. When the table grows, links change under concurrent readers:
/// these may skip objects, so a reader that finds nothing checks whether objects were moved meanwhile.
/// </remarks>
/// <param name="share">
/// How many buckets there are at least for each object, and at most twice as many as were needed so far. Two, where a
/// read waits for nothing longer than for its bucket to come into the processor's cache.
/// </param>
internal sealed class KeyTable<T>(int share)
    where T : KeyTableNode<T>
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
    public IEnumerable<T> Items
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
                    for (var item = Volatile.Read(ref buckets[i].First); item is not null; item = item.Next)
                        yield return item;
                }
            }
            finally
            {
                lock (_growth)
                    _enumerations--;
            }
        }
    }

    public T? Find(ReadOnlySpan<char> key)
    {
        var (hash, buckets) = (_hash.Calculate(key), _buckets);
        for (var item = Volatile.Read(ref First(buckets, hash)); item is not null; item = item.Next)
        {
            if (item.Hash == hash && key.SequenceEqual(item.Key))
                return item;
        }
        return HasMoved(buckets) ? FindAgain(key) : null;
    }

    /// <summary>Hides another of the same key until that is removed.</summary>
    public void Add(T item)
    {
        if ((long)_count * share >= _buckets.Length && _buckets.Length < MaxBuckets)
            Grow();
        item.Hash = _hash.Calculate(item.Key);
        ref var first = ref First(_buckets, item.Hash);
        item.Next = first;
        // Written last: a reader that sees it sees its Next link.
        Volatile.Write(ref first, item);
        _count++;
    }

    /// <summary>Removes this very one; false if it is not there.</summary>
    public bool Remove(T item)
    {
        ref var link = ref First(_buckets, item.Hash);
        while (link is not null && link != item)
            link = ref link.Next;
        if (link is null)
            return false;
        link = item.Next;
        _count--;
        return true;
    }

    private static ref T? First(Bucket[] buckets, int hash) => ref buckets[hash & (buckets.Length - 1)].First;

    private bool HasMoved(Bucket[] since)
    {
        // The links were read before the flag is.
        Volatile.ReadBarrier();
        return _isGrowing || _buckets != since;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private T? FindAgain(ReadOnlySpan<char> key)
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

    // Each half keeps its order, so that what hides another goes on to.
    private static void Split(T? item, int bit, ref T? low, ref T? high)
    {
        for (; item is not null; item = item.Next)
        {
            if ((item.Hash & bit) == 0)
            {
                low = item;
                low = ref item.Next;
            }
            else
            {
                high = item;
                high = ref item.Next;
            }
        }
        low = high = null;
    }

    // Around the reference: of an array of references the runtime asks at each access of what class it is.
    private struct Bucket
    {
        public T? First;
    }
}
