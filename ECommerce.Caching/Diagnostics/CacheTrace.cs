using ECommerce.Caching.Memory;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.Tags;
using Microsoft.Extensions.Primitives;

namespace ECommerce.Caching.Diagnostics;

/// <summary>Which layer a value came from.</summary>
internal enum CacheOutcome
{
    None,
    Memory,
    Redis,
    Miss,
}

/// <summary>
/// What one request read from the cache: a response built from it depends on all of that, lives no longer than the
/// shortest-lived part, and is as sensitive as the most sensitive one.
/// </summary>
internal sealed class CacheTrace
{
    private static readonly AsyncLocal<CacheTrace?> Ambient = new();

    // A handler may read several keys at once.
    private readonly Lock _lock = new();
    private readonly List<TagStamp> _stamps = [];
    private (Func<bool> Condition, string Reason)? _forbidden;

    public static CacheTrace? Current => Ambient.Value;

    /// <summary>The farthest layer that had to be asked.</summary>
    public CacheOutcome Outcome { get; private set; }

    /// <summary>In the clock's milliseconds.</summary>
    public long FreshUntil { get; private set; } = long.MaxValue;

    public long AsOf { get; private set; } = long.MaxValue;

    /// <summary>When the value read first was read, in the clock's milliseconds.</summary>
    public long ReadAt { get; private set; } = long.MaxValue;

    public bool Storable { get; private set; } = true;
    public bool Sensitive { get; private set; }

    /// <summary>The client had the response already. It was built as a 200 and may be stored as one.</summary>
    public bool TurnedInto304 { get; set; }

    /// <summary>The response body as written, with its entity tag, if it has one.</summary>
    public (string ETag, byte[] Body)? Body { get; set; }

    /// <summary>The body in the content coding of this request, if it was compressed for it.</summary>
    public EncodedBody? Encoded { get; set; }

    /// <summary>The headers that the endpoint set, without those of outer middleware.</summary>
    public KeyValuePair<string, StringValues>[]? Headers { get; set; }

    /// <summary>The stored response that the output-cache middleware serves.</summary>
    public CacheEntry<StoredResponse>? Stored { get; set; }

    /// <summary>The node's moment, and the clock's milliseconds, when the request came.</summary>
    public long BegunAsOf { get; set; } = long.MaxValue;

    /// <inheritdoc cref="BegunAsOf"/>
    public long BegunAt { get; set; } = long.MaxValue;

    public IReadOnlyList<TagStamp> Stamps
    {
        get
        {
            lock (_lock)
                return [.. _stamps];
        }
    }

    /// <summary>From now on reads in this flow throw as long as a condition holds.</summary>
    public static void Forbid(Func<bool> condition, string reason) =>
        (Ambient.Value ??= new CacheTrace())._forbidden = (condition, reason);

    public void ThrowIfForbidden()
    {
        if (_forbidden is { } forbidden && forbidden.Condition())
            throw new InvalidOperationException(forbidden.Reason);
    }

    public static CacheTrace Begin() => Ambient.Value = new CacheTrace();

    /// <summary>A fill runs for all waiting callers, not for the request that started it.</summary>
    public static void Suppress() => Ambient.Value = null;

    public void Read(CacheEntry entry, CacheOutcome outcome)
    {
        ThrowIfForbidden();
        lock (_lock)
        {
            Served_NeedsLock(outcome, entry.FreshUntil);
            AsOf = Math.Min(AsOf, entry.AsOf);
            ReadAt = Math.Min(ReadAt, entry.ReadAt);
            Sensitive |= entry.Policy.Sensitive;
            foreach (var stamp in entry.Stamps)
            {
                var index = _stamps.FindIndex(known => known.State.Name == stamp.State.Name);
                if (index < 0)
                    _stamps.Add(stamp);
                else if (stamp.Sequence < _stamps[index].Sequence)
                    _stamps[index] = stamp;
            }
        }
    }

    /// <summary>An uncached value was part of the response, so the response is not cached either.</summary>
    public void ReadUncached()
    {
        lock (_lock)
        {
            Outcome = CacheOutcome.Miss;
            Storable = false;
        }
    }

    public void Served(CacheOutcome outcome, long freshUntil)
    {
        lock (_lock)
            Served_NeedsLock(outcome, freshUntil);
    }

    private void Served_NeedsLock(CacheOutcome outcome, long freshUntil)
    {
        if (outcome > Outcome)
            Outcome = outcome;
        FreshUntil = Math.Min(FreshUntil, freshUntil);
    }
}
