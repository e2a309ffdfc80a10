using System.Runtime.InteropServices;
using ECommerce.Caching.Hashing;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Tags;

namespace ECommerce.Caching.Redis;

/// <summary>
/// Values that Redis is expected to have, because this node has stored or read them there, and when they expire. A
/// plain GET is cheaper than the script that would also grant the fill lock; a wrong hint costs a second round
/// trip, so a hint is used only while nothing contradicts it.
/// </summary>
/// <remarks>
/// A table of fixed size without locks, in which a key takes the place of another one: a hint may be lost. Each is an
/// object of its own, so no reader sees parts of two. Whether the value may be used is decided by what was read, and
/// how long it lives is believed of these very bytes only.
/// </remarks>
internal sealed class RedisKeyHints(CacheClock clock)
{
    // A power of two: half a megabyte, and three more when it is full.
    private const int Places = 1 << 16;

    private readonly KeyHash _hash = new();
    private readonly Hint?[] _places = new Hint?[Places];

    /// <summary>
    /// Redis has bytes under a key until a moment of the clock; their value was read at a
    /// <see cref="TagTable.Moment"/>.
    /// </summary>
    public void Add(string key, ReadOnlySpan<byte> bytes, long until, long asOf)
    {
        var hash = _hash.Calculate(key);
        _places[hash & (Places - 1)] = new Hint(hash, Fingerprint(bytes), until, asOf);
    }

    /// <summary>
    /// Whether Redis is believed to have a usable value: it was seen there, has not ended, and none of the tags its key
    /// implies was dropped since.
    /// </summary>
    public bool Has(string key, TagSet implied) =>
        Find(key) is { } known && clock.Now < known.Until && !implied.DroppedAfter(known.AsOf);

    /// <summary>
    /// For one caller at a time: the hint of a key, for a plain read that must be ended (<see cref="Hint.EndRead"/>).
    /// Concurrent callers share a fill, so Redis is asked at most twice.
    /// </summary>
    public Hint? TryBeginRead(string key) =>
        Find(key) is { } known && clock.Now < known.Until && known.TryBeginRead() ? known : null;

    /// <summary>
    /// How long what was read under a key still lives; null if these are other bytes than the known ones. The same
    /// bytes stored anew live longer than that.
    /// </summary>
    public TimeSpan? TimeToLive(string key, ReadOnlySpan<byte> bytes) =>
        Find(key) is { } known ? TimeToLive(known, bytes) : null;

    /// <inheritdoc cref="TimeToLive(string, ReadOnlySpan{byte})"/>
    public TimeSpan? TimeToLive(Hint known, ReadOnlySpan<byte> bytes) =>
        known.Fingerprint == Fingerprint(bytes) ? TimeSpan.FromMilliseconds(known.Until - clock.Now) : null;

    private Hint? Find(string key)
    {
        var hash = _hash.Calculate(key);
        return _places[hash & (Places - 1)] is { } known && known.Hash == hash ? known : null;
    }

    // The last byte of an odd number belongs to the sentinel.
    private long Fingerprint(ReadOnlySpan<byte> bytes) =>
        ((long)bytes.Length << 32) | (uint)_hash.Calculate(MemoryMarshal.Cast<byte, char>(bytes));

    /// <param name="Hash">Of the key.</param>
    /// <param name="Fingerprint">Of the bytes.</param>
    /// <param name="Until">When it ends, by the clock.</param>
    /// <param name="AsOf">The moment before its value was read.</param>
    public sealed record Hint(int Hash, long Fingerprint, long Until, long AsOf)
    {
        private int _isRead;

        public bool TryBeginRead() => Interlocked.Exchange(ref _isRead, 1) == 0;

        public void EndRead() => Volatile.Write(ref _isRead, 0);
    }
}
