using System.Globalization;
using ECommerce.Caching.Coherence;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.SingleFlight;
using StackExchange.Redis;

namespace ECommerce.Caching.Inspection;

/// <summary>The head of an entry in Redis, with its length and how long it stays.</summary>
internal readonly record struct RedisHead(long Bytes, TimeSpan? FreshFor, TimeSpan? LivesFor);

/// <summary>
/// Looks at entries in Redis as a read of this node would, by commands that change nothing there, and takes no lock.
/// </summary>
internal sealed class RedisInspection(
    IConnectionMultiplexer redis, RedisNames names, RedisCircuit circuit, CacheEngine engine, NodeLease lease)
{
    private readonly EntryCodec _codec = new(engine.Settings);

    /// <summary>
    /// The entry of a key and its fill lock. Everything together may take as long as one call.
    /// </summary>
    public async Task<(RedisCopy Copy, TimeSpan? LockedFor, bool IsAwaited)> LookAsync(
        string key, PolicyState? policy, string dataKey, CancellationToken cancellationToken)
    {
        try
        {
            return await circuit.AsideAsync(
                static s => s.self.AskAsync(s.key, s.policy, s.dataKey), (self: this, key, policy, dataKey)).WaitAsync(
                cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFailure.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            return (RedisCopy.Without(RedisState.Unavailable), null, false);
        }
    }

    /// <summary>
    /// The heads of entries of ours, null where there is none. Null as a whole: Redis is unavailable.
    /// </summary>
    public async Task<RedisHead?[]?> HeadsAsync(IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        try
        {
            return await circuit.AsideAsync(
                static s => Task.WhenAll(s.keys.Select(key => HeadAsync(s.db, s.names.Entry(key), key))),
                (db: redis.GetDatabase(), names, keys))
                    .WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFailure.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<RedisHead?> HeadAsync(IDatabase db, string name, string key)
    {
        // Only what stands before the value.
        var (start, length, left) =
            (db.StringGetRangeAsync(name, 0, EntryFormat.HeadLength(key) - 1), db.StringLengthAsync(name),
            db.KeyTimeToLiveAsync(name));
        try
        {
            await Task.WhenAll(start, length, left).ConfigureAwait(false);
        }
        catch (RedisServerException exception) when (RedisFailure.IsOtherType(exception))
        {
            return null;
        }
        byte[] bytes = (await start.ConfigureAwait(false))!;
        if (!EntryFormat.IsOurs(bytes))
            return null;
        var lives = await left.ConfigureAwait(false);
        return new RedisHead(
            await length.ConfigureAwait(false), EntryFormat.TryReadHead(bytes, key, out var head) && lives is { } ttl
                ? FreshFor(head, ttl) : null, lives);
    }

    private async Task<(RedisCopy Copy, TimeSpan? LockedFor, bool IsAwaited)> AskAsync(
        string key, PolicyState? policy, string dataKey)
    {
        var db = redis.GetDatabase();
        var name = names.Entry(key);
        var (exists, own, left) =
            (db.KeyExistsAsync(name), PatternSweep.IsOwnAsync(db, name), db.KeyTimeToLiveAsync(name));
        var (holder, locked) =
            (db.StringGetAsync(names.FillLock(key)), db.KeyTimeToLiveAsync(names.FillLock(key)));
        await Task.WhenAll(exists, own, left, holder, locked).ConfigureAwait(false);

        var copy = !await exists.ConfigureAwait(false) ? RedisCopy.Without(RedisState.Absent)
            : policy is { IsDeclared: true } && await own.ConfigureAwait(false) ? await EntryAsync(
                db, key, policy, dataKey, await left.ConfigureAwait(false) ?? TimeSpan.Zero).ConfigureAwait(false)
            : RedisCopy.Without(RedisState.Foreign) with { LivesFor = await left.ConfigureAwait(false) };
        return (copy, await locked.ConfigureAwait(false),
            ((string?)await holder.ConfigureAwait(false))?.EndsWith('w') == true);
    }

    private async Task<RedisCopy> EntryAsync(
        IDatabase db, string key, PolicyState policy, string dataKey, TimeSpan left)
    {
        if ((byte[]?)await db.StringGetAsync(names.Entry(key)).ConfigureAwait(false) is not { } bytes)
            return RedisCopy.Without(RedisState.Absent);
        var fault = _codec.Read(bytes, key, policy.Sensitive, out var stored);
        // The value has been looked at to see whether it can be read; from here on there is only what was written about
        // it.
        stored = stored with { Payload = default };
        var copy = new RedisCopy(
            RedisState.Unusable, fault.ToString(), null, null, left, bytes.Length, false, null, []);
        if (fault is EntryFault.Malformed)
            return copy;
        copy = copy with
        {
            IsCompressed = (stored.Flags & EntryFlags.Compressed) != 0,
            EncryptedWith = (stored.Flags & EntryFlags.Encrypted) != 0 ? stored.KeyId : null,
        };
        if (fault is not EntryFault.None)
            return copy;
        // Noted before the call is sent, as a read does.
        var seen = engine.HighestNumber;
        var versions = await Task.WhenAll(
            stored.Tags.Select(tag => (RedisKey)names.Version(tag.Tag)).Prepend(names.Sequence)
                .Select(version => db.StringGetAsync(version))).ConfigureAwait(false);
        RedisTag[] tags =
        [
            .. stored.Tags.Select((tag, i) => new RedisTag(
                tag.Tag, tag.Sequence, Number(versions[i + 1]),
                    engine.Tags.Find(tag.Tag) is { Version: > 0 and var known } ? known : null)),
        ];
        var (state, outdatedBy) =
            StateOf(stored, tags, [.. policy.TagsOf(dataKey)], hasForgotten: (Number(versions[0]) ?? 0) < seen, left);
        return copy with
        {
            State = state,
            Fault = null,
            OutdatedBy = outdatedBy,
            FreshFor = FreshFor(stored, left),
            Tags = tags,
        };
    }

    // In the order in which a read finds out.
    private (RedisState State, string? OutdatedBy) StateOf(
        in StoredEntry stored, RedisTag[] tags, string[] implied, bool hasForgotten, TimeSpan left)
    {
        var lowest = stored.Sequence;
        // The look-up compares the versions that the node knows of the key's own tags with the lowest number of all.
        if (Array.Find(implied, tag => engine.Tags.Find(tag) is { } known && known.Version > lowest) is { } overtaken)
            return (RedisState.Invalidated, overtaken);
        if (left <= TimeSpan.Zero)
            return (RedisState.Expired, null);
        if (Array.Find(implied, tag => !Array.Exists(tags, carried => carried.Tag == tag)) is { } missing)
            return (RedisState.OtherPolicy, missing);
        if (Array.Find(tags, static tag => tag.IsOutdated) is { } outdated)
            return (RedisState.Invalidated, outdated.Tag);
        var followedFrom = lease.FollowedFrom;
        if (followedFrom == 0
            || !Array.TrueForAll(tags, tag => engine.Tags.Knows(engine.Tags.Find(tag.Tag), tag.Sequence, followedFrom)))
        {
            var unknown = Array.Find(tags, static tag => tag.Version is null);
            if (unknown is not null || hasForgotten)
                return (RedisState.Forgotten, unknown?.Tag);
        }
        return (FreshFor(stored, left) > TimeSpan.Zero ? RedisState.Fresh : RedisState.Stale, null);
    }

    // What is left of its whole life, without its stale time. Of a sliding entry only what is left without a read is
    // known here.
    private static TimeSpan FreshFor(in StoredEntry entry, TimeSpan left) =>
        (entry.Flags & EntryFlags.Sliding) != 0 ? (left < entry.FreshFor ? left : entry.FreshFor)
        : left - (entry.LivesFor - entry.FreshFor) is var fresh && fresh > TimeSpan.Zero ? fresh : TimeSpan.Zero;

    private static long? Number(RedisValue value) => long.TryParse(
        (string?)value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
