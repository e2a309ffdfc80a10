using System.Diagnostics;
using ECommerce.Caching.Coherence;
using ECommerce.Caching.Keys;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;

namespace ECommerce.Caching.Inspection;

/// <summary>
/// Lists keys step by step: first what Redis has, by SCAN, then what only the memory of this node has. A step is
/// bounded by its time and its number of keys, so no step holds up Redis or its caller.
/// </summary>
internal sealed class KeyListing(CacheEngine engine, PatternSweep sweep, RedisInspection? redis)
{
    private static readonly TimeSpan MaxScan = TimeSpan.FromMilliseconds(20);

    public async Task<KeyPage> StepAsync(KeyScope scope, KeyCursor at, int limit, CancellationToken cancellationToken)
    {
        var rows = new List<CachedKey>();
        if (redis is null)
            at = at.Redis is null ? at : KeyCursor.Memory;
        var started = Stopwatch.GetTimestamp();
        try
        {
            while (at.Redis is { } position)
            {
                var (keys, next) = await sweep.ScanAsync(scope, position, limit - rows.Count).ConfigureAwait(false);
                // Redis may return a few more than were asked for; the next step asks for these again.
                if (rows.Count > 0 && rows.Count + keys.Count > limit)
                    return new KeyPage(rows, at.ToString(), RedisAvailability.Available);
                var heads = await HeadsAsync(keys, cancellationToken).ConfigureAwait(false);
                rows.AddRange(keys.Zip(heads).Where(static pair => pair.Second is not null)
                    .Select(pair => Row(pair.First, pair.Second)));
                at = next is { } there ? new KeyCursor(there, "") : KeyCursor.Memory;
                if (rows.Count >= limit || (at.Redis is not null && Stopwatch.GetElapsedTime(started) >= MaxScan))
                    return new KeyPage(rows, at.ToString(), RedisAvailability.Available);
                cancellationToken.ThrowIfCancellationRequested();
            }
            return await MemoryStepAsync(scope, at, rows, limit, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFailure.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            return new KeyPage(rows, at.ToString(), RedisAvailability.Unavailable);
        }
    }

    private async Task<KeyPage> MemoryStepAsync(
        KeyScope scope, KeyCursor at, List<CachedKey> rows, int limit, CancellationToken cancellationToken)
    {
        string[] behind =
        [
            .. engine.Memory.Layer.Entries.Select(static entry => entry.Key)
                .Where(key => string.CompareOrdinal(key, at.AfterKey) > 0 && scope.Covers(key))
                .Order(StringComparer.Ordinal),
        ];
        string[] keys = [.. behind.Take(limit - rows.Count)];
        if (redis is null)
        {
            rows.AddRange(keys.Where(IsInMemory).Select(key => Row(key, null)));
        }
        else
        {
            // The others were listed before.
            var heads = await HeadsAsync(keys, cancellationToken).ConfigureAwait(false);
            rows.AddRange(keys.Zip(heads).Where(pair => pair.Second is null && IsInMemory(pair.First))
                .Select(pair => Row(pair.First, null)));
        }
        return new KeyPage(
            rows, behind.Length > keys.Length ? new KeyCursor(null, keys[^1]).ToString() : null,
            redis is null ? RedisAvailability.NotUsed : RedisAvailability.Available);
    }

    private bool IsInMemory(string key) => engine.Memory.Layer.Peek(key) is not null;

    private async Task<RedisHead?[]> HeadsAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) =>
        await redis!.HeadsAsync(keys, cancellationToken).ConfigureAwait(false)
            ?? throw new TimeoutException("Redis does not respond.");

    private CachedKey Row(string key, RedisHead? head)
    {
        var entry = engine.Memory.Layer.Peek(key);
        var now = engine.Clock.Now;
        return new CachedKey(
            key, (entry?.Policy ?? engine.Policies.FindByResponse(ResponseKey.DataKey(key))?.Policy)?.Pattern
                ?? PolicyRegistry.None,
            entry is null ? MemoryState.Absent : MemoryInspection.StateOf(engine, entry, now).State,
            redis is null ? null : head is not null, entry?.Size, head?.Bytes,
            entry is null ? head?.FreshFor : MemoryInspection.Left(entry.FreshUntil, now),
            entry is null ? head?.LivesFor : MemoryInspection.Left(entry.StaleUntil, now));
    }
}
