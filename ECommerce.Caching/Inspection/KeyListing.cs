using System.Runtime.CompilerServices;
using ECommerce.Caching.Coherence;
using ECommerce.Caching.Keys;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;

namespace ECommerce.Caching.Inspection;

/// <summary>
/// Looks for the keys a pattern covers: in memory, and for what else there is in Redis as a sweep does.
/// </summary>
internal sealed class KeyListing(
    CacheEngine engine, PatternSweep sweep, RedisInspection? redis, string pattern, int limit)
{
    public async IAsyncEnumerable<CachedKey> EnumerateAsync(
        CachedKeys listing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (listing.Redis, listing.MayHaveMore) =
            (redis is null ? RedisAvailability.NotUsed : RedisAvailability.NotAsked, false);
        var inMemory = InMemory();
        // A key may be found twice: by two searches, or by one that SCAN returns twice.
        var listed = new HashSet<string>(StringComparer.Ordinal);
        var left = limit;
        foreach (var keys in inMemory.Take(limit).Chunk(PatternSweep.KeysAtOnce))
        {
            foreach (var row in await RowsAsync(listing, [.. keys.Where(listed.Add)], cancellationToken)
                .ConfigureAwait(false))
            {
                left--;
                yield return row;
            }
        }
        if (inMemory.Count > limit || (left == 0 && redis is not null))
            listing.MayHaveMore = true;
        if (listing.MayHaveMore || listing.Redis is RedisAvailability.NotUsed or RedisAvailability.Unavailable)
            yield break;

        var pages = sweep.FindAsync(pattern, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var ending = pages.ConfigureAwait(false);
        while (await NextAsync(listing, pages, cancellationToken).ConfigureAwait(false) is { } page)
        {
            foreach (var row in await RowsAsync(
                listing, [.. page.Where(listed.Add)], cancellationToken)
                .ConfigureAwait(false))
            {
                if (left-- == 0)
                {
                    listing.MayHaveMore = true;
                    yield break;
                }
                yield return row;
            }
            if (listing.Redis is RedisAvailability.Unavailable)
                yield break;
        }
    }

    private List<string> InMemory()
    {
        var glob = new GlobPattern(pattern);
        // As in Redis: a pattern covers a response by the key of its data, or by its own.
        return [.. engine.Memory.Layer.Entries.Select(static entry => entry.Key)
            .Where(key => glob.Matches(key) || glob.Matches(ResponseKey.DataKey(key))).Order(StringComparer.Ordinal)];
    }

    private async Task<IEnumerable<CachedKey>> RowsAsync(
        CachedKeys listing, string[] keys, CancellationToken cancellationToken)
    {
        RedisHead?[]? heads = null;
        if (redis is not null && listing.Redis is not RedisAvailability.Unavailable)
        {
            heads = await redis.HeadsAsync(keys, cancellationToken).ConfigureAwait(false);
            listing.Redis = heads is null ? RedisAvailability.Unavailable : RedisAvailability.Available;
        }
        // What has gone from where it was found has no row.
        return keys.Select((key, i) => Row(key, heads?[i], heads is not null)).OfType<CachedKey>();
    }

    private CachedKey? Row(string key, RedisHead? head, bool isKnown)
    {
        var entry = engine.Memory.Layer.Peek(key);
        if (entry is null && head is null)
            return null;
        var now = engine.Clock.Now;
        return new CachedKey(
            key, (entry?.Policy ?? engine.Policies.FindByResponse(ResponseKey.DataKey(key))?.Policy)?.Pattern
                ?? PolicyRegistry.None,
            entry is null ? MemoryState.Absent : MemoryInspection.StateOf(engine, entry, now).State, isKnown
                ? head is not null : null, entry?.Size, head?.Bytes,
            entry is null ? head?.FreshFor : MemoryInspection.Left(entry.FreshUntil, now), entry is null
                ? head?.LivesFor : MemoryInspection.Left(entry.StaleUntil, now));
    }

    private static async Task<IReadOnlyList<string>?> NextAsync(
        CachedKeys listing, IAsyncEnumerator<IReadOnlyList<string>> pages, CancellationToken cancellationToken)
    {
        try
        {
            if (await pages.MoveNextAsync().ConfigureAwait(false))
                return pages.Current;
            listing.Redis = RedisAvailability.Available;
        }
        catch (Exception exception) when (RedisFailure.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            listing.Redis = RedisAvailability.Unavailable;
        }
        return null;
    }
}
