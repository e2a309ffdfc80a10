using ECommerce.Caching.Hashing;

namespace ECommerce.Caching.Memory;

/// <summary>
/// L1: entries in the memory of the process, bounded by items and by bytes, evicted by SIEVE (Zhang et al., NSDI 2024).
/// </summary>
/// <remarks>
/// SIEVE: (1) new entries go to the head of one queue; (2) a hit only marks the entry; (3) to evict, a hand walks from
/// the tail towards the head, takes the mark off marked entries and removes the first unmarked one, and stays there for
/// the next time. Entries are never moved, so a hit takes no lock, and a scan of entries read once passes without
/// driving out the ones that are read again.
/// </remarks>
internal sealed class MemoryLayer
{
    private readonly int _maximumItems;
    private readonly long _maximumBytes;
    private readonly KeyTable<CacheEntry> _entries = new(share: 2);
    private readonly Lock _queue = new();
    private CacheEntry? _newest, _oldest, _hand;
    private long _bytes;

    public MemoryLayer(int maximumItems, long maximumBytes)
    {
        _maximumItems = maximumItems;
        _maximumBytes = maximumBytes;
    }

    public int Count => _entries.Count;

    /// <summary>What is there while it is asked for; the enumeration takes no lock.</summary>
    public IEnumerable<CacheEntry> Entries => _entries.Items;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Called outside the lock for every entry that leaves by eviction.</summary>
    public Action<CacheEntry>? Evicted { get; set; }

    /// <summary>A key that need not be a text yet: on a hit it never becomes one.</summary>
    public CacheEntry? Find(ReadOnlySpan<char> key)
    {
        var entry = _entries.Find(key);
        if (entry is not null && entry.Marks != ReadMarks.All)
            entry.Marks = ReadMarks.All;
        return entry;
    }

    /// <summary>The entry of a key, without marking it: an inspection does not save it from eviction.</summary>
    public CacheEntry? Peek(string key) => _entries.Find(key);

    /// <summary>Keeps an entry, instead of what was there under its key before.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="stays">Whether what is there stays; null: it does not.</param>
    /// <returns>False if what is there stays, or the entry is too large: one may take an eighth of the bytes.</returns>
    public bool Add(CacheEntry entry, Func<CacheEntry, bool>? stays = null)
    {
        if (entry.Size > _maximumBytes / 8)
        {
            entry.ReleaseTags();
            return false;
        }
        List<CacheEntry>? evicted;
        lock (_queue)
        {
            var previous = _entries.Find(entry.Key);
            if (previous is not null && stays is not null && stays(previous))
            {
                entry.ReleaseTags();
                return false;
            }
            // In this order, so that there is always one to be found.
            _entries.Add(entry);
            Link_NeedsLock(entry);
            if (previous is not null)
                Remove_NeedsLock(previous);
            evicted = Evict_NeedsLock(entry);
        }
        Report(evicted);
        return true;
    }

    /// <summary>Counts bytes that are kept with an entry from now on.</summary>
    /// <returns>False if the entry is no longer there, or would become too large.</returns>
    public bool TryGrow(CacheEntry entry, int bytes)
    {
        List<CacheEntry>? evicted;
        lock (_queue)
        {
            if (_entries.Find(entry.Key) != entry || (long)entry.Size + bytes > _maximumBytes / 8)
                return false;
            entry.Size += bytes;
            _bytes += bytes;
            evicted = Evict_NeedsLock(entry);
        }
        Report(evicted);
        return true;
    }

    /// <summary>Removes this very entry; one that took its place meanwhile stays.</summary>
    public void Remove(CacheEntry entry)
    {
        lock (_queue)
            Remove_NeedsLock(entry);
    }

    /// <summary>Removes the entries a predicate names; the enumeration takes no lock.</summary>
    public int RemoveWhere(Func<CacheEntry, bool> predicate)
    {
        var removed = 0;
        foreach (var entry in Entries)
        {
            if (!predicate(entry))
                continue;
            Remove(entry);
            removed++;
        }
        return removed;
    }

    private List<CacheEntry>? Evict_NeedsLock(CacheEntry justAdded)
    {
        List<CacheEntry>? evicted = null;
        while (_entries.Count > _maximumItems || _bytes > _maximumBytes)
        {
            if (NextVictim_NeedsLock(justAdded) is not { } victim)
                break;
            Remove_NeedsLock(victim);
            (evicted ??= []).Add(victim);
        }
        return evicted;
    }

    private void Report(List<CacheEntry>? evicted)
    {
        if (evicted is not null && Evicted is { } report)
            evicted.ForEach(report);
    }

    private void Link_NeedsLock(CacheEntry entry)
    {
        entry.Older = _newest;
        if (_newest is not null)
            _newest.Newer = entry;
        _newest = entry;
        _oldest ??= entry;
        _bytes += entry.Size;
    }

    private void Remove_NeedsLock(CacheEntry entry)
    {
        if (!_entries.Remove(entry))
            return;
        if (_hand == entry)
            _hand = entry.Newer;
        if (entry.Newer is not null)
            entry.Newer.Older = entry.Older;
        else
            _newest = entry.Older;
        if (entry.Older is not null)
            entry.Older.Newer = entry.Newer;
        else
            _oldest = entry.Newer;
        entry.Newer = entry.Older = null;
        _bytes -= entry.Size;
        entry.ReleaseTags();
    }

    private CacheEntry? NextVictim_NeedsLock(CacheEntry justAdded)
    {
        // Two rounds are enough: the first takes all marks off. The entry just added is never its own victim.
        for (var steps = 2 * _entries.Count; steps >= 0; steps--)
        {
            var candidate = _hand ?? _oldest;
            if (candidate is null)
                return null;
            _hand = candidate.Newer;
            if (candidate == justAdded)
                continue;
            if ((candidate.Marks & ReadMarks.Eviction) == 0)
                return candidate;
            candidate.Marks &= ~ReadMarks.Eviction;
        }
        return null;
    }
}
