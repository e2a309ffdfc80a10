using System.Globalization;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Tags;
using StackExchange.Redis;

namespace ECommerce.Caching.Redis;

/// <summary>
/// L2: values under the very keys of the schema, and the versions of tags. In a Redis Cluster every command touches one
/// key, or keys of one hash slot. Each call has a time-out and goes through the circuit breaker.
/// </summary>
internal sealed partial class RedisLayer(
    IConnectionMultiplexer redis, RedisNames names, ConnectionMonitor watch, RedisTopology masters,
        RedisCircuit circuit, TagTable tags, HighWaterMark sequence, CacheClock clock, CacheSettings settings,
    TimeSpan versionLifetime, CacheLog log)
{
    // How much of a version's lifetime is left at least when it is relied upon without asking: no entry lives longer.
    private const int PresenceShare = 2;

    // Up to that many tags are raised one by one: it takes no longer, and they keep their versions.
    private const int MaxRaisedSingly = 20;

    private readonly RedisValue _versionLifetime = (long)versionLifetime.TotalMilliseconds;
    private readonly RedisValue _fillChannel = names.InScript(names.Fills);

    /// <summary>
    /// Whether what Redis holds may be used: it is connected, a heartbeat has looked at it since it was, and the
    /// circuit is not open.
    /// </summary>
    public bool IsTrusted => watch.IsTrusted && circuit.LetsThrough;

    /// <inheritdoc cref="HighWaterMark.Last"/>
    public long HighestNumber => sequence.Last;

    /// <summary>
    /// Whether commands for different keys go to different servers, so that they may be done in another order than they
    /// are sent.
    /// </summary>
    public bool IsCluster => masters.IsCluster;

    /// <summary>Whether Redis may have issued a number that an entry bears.</summary>
    public bool IsPlausible(long number) => sequence.IsPlausible(number);

    /// <summary>
    /// Whether none of an entry's tags has been invalidated since, as Redis has it. A tag without a version may have
    /// been, and Redis has forgotten it; of an announced one the version does not tell.
    /// </summary>
    public async Task<bool> IsCurrentAsync(TagSet carried)
    {
        // Noted before the call is sent: a number drawn meanwhile may be higher than the result without anything being
        // lost.
        var seen = sequence.Last;
        // In this order: an announcement that has ended by now has left its number as the version.
        var (announced, versions) = await circuit.CallAsync(
            static async s =>
            {
                var announced = s.isCluster ? Task.FromResult<string[]>([]) : AnnouncedAsync(s.db, s.announced);
                var versions = Task.WhenAll(s.keys.Select(key => TextAsync(s.db, key)));
                return (await announced.ConfigureAwait(false), await versions.ConfigureAwait(false));
            },
            (db: redis.GetDatabase(), keys: VersionKeys(carried), isCluster: IsCluster, announced: names.Announced))
            .ConfigureAwait(false);
        var issued = ParseNumber(versions[0]);
        // Redis lost writes (restart from an old snapshot, fail-over): versions may be old again. The next heartbeat
        // raises the generation.
        if (issued < seen)
            log.RedisForgot(issued, seen);
        sequence.Observe(issued);
        var current = issued >= seen && !Announcements.Covers(announced, carried);
        for (var i = 0; i < carried.Count; i++)
        {
            var version = ParseNumber(versions[i + 1]);
            if (version > 0)
                tags.Learn(carried[i].State, version);
            current &= version > 0 && version <= carried[i].Sequence;
        }
        return current;
    }

    /// <summary>
    /// Stores a value, and in the same round trip sees to it that its tags have versions: what Redis forgot must not
    /// look like what was never invalidated. The versions made here are those the value was read under, so it is
    /// usable, and what was read earlier is not. Not stored is the value of a holder that has lost its lock (see
    /// <see cref="LockGrant"/>); a value without a lock overtakes the run that has it. Returns whether it was stored.
    /// </summary>
    public async Task<bool> StoreAsync(
        string key, byte[] bytes, TimeSpan lifetime, TagStamp[] stamps, LockGrant? grant, TimeSpan sliding = default)
    {
        // Noted before it is sent: what is dropped later may have lost its version since.
        var asOf = tags.Moment;
        var missing = WithoutKnownVersion(stamps);
        // In a Redis Cluster they are on other servers, and sent before the value: a reader that finds a tag without a
        // version treats it as lost and runs the factory.
        var (apart, together) = IsCluster ? (missing, []) : ((TagStamp[])[], missing);
        RedisKey[] keys =
        [
            .. EntryKeys(key), .. (RedisKey[])(together.Length > 0 ? [names.Floor] : []),
            .. together.Select(tag => (RedisKey)VersionKey(tag.State.Name)),
        ];
        RedisValue[] arguments =
        [
            bytes, Math.Max(1, (long)lifetime.TotalMilliseconds), grant?.Holder ?? string.Empty, _fillChannel,
            Ended(key, withValue: true), Milliseconds(sliding), _versionLifetime,
            .. together.Select(static tag => (RedisValue)tag.Sequence),
        ];
        var results = await circuit.CallAsync(
            static s =>
            {
                Task<RedisResult>[] versions = [.. s.apart.Select(tag => s.db.ScriptEvaluateAsync(
                    ClusterScripts.Ensure, [s.layer.VersionKey(tag.State.Name)],
                    [tag.Sequence, s.layer._versionLifetime]))];
                return Task.WhenAll(
                    [.. versions, s.db.ScriptEvaluateAsync(EntryScripts.Store, s.keys, s.arguments)]);
            }, (layer: this, db: redis.GetDatabase(), keys, arguments, apart)).ConfigureAwait(false);
        var result = (int)results[^1];
        if (result == 0)
            return false;
        var presentUntil = clock.Now + (long)(versionLifetime / PresenceShare).TotalMilliseconds;
        foreach (var tag in result == 1 ? missing : [])
            tag.State.MarkPresent(asOf, presentUntil);
        return true;
    }

    /// <summary>
    /// Draws the number of an invalidation: after what it is about was committed, and before it is published.
    /// </summary>
    public async Task<long> DrawAsync()
    {
        var drawn = await circuit.CallAsync(
            static s => s.db.ScriptEvaluateAsync(ClusterScripts.Next, [s.key], [s.seen]),
            (db: redis.GetDatabase(), key: names.Sequence, seen: sequence.Last)).ConfigureAwait(false);
        return Issued((string)drawn!);
    }

    /// <summary>Makes a number the version of every tag: nothing that was read before is usable from now on.</summary>
    public async Task RaiseAsync(IReadOnlyCollection<string> dropped, long version) => _ = await circuit.CallAsync(
        static s => Task.WhenAll(s.dropped.Select(tag => s.db.ScriptEvaluateAsync(
            ClusterScripts.Raise, [s.layer.VersionKey(tag)],
                [s.version, tag == CacheTags.Everything ? 0 : s.layer._versionLifetime]))),
        (db: redis.GetDatabase(), dropped, version, layer: this)).ConfigureAwait(false);

    /// <summary>
    /// The whole of an invalidation at once, where all keys are on one server. Returns the number, then the nodes that
    /// must acknowledge it.
    /// </summary>
    public async Task<string[]> InvalidateAsync(Invalidation message, string node, int logLength)
    {
        var areMany = message.Tags.Count > MaxRaisedSingly && !message.Tags.Contains(CacheTags.Everything);
        RedisKey[] keys =
        [
            names.Index, names.Log, names.Nodes, names.Sequence, names.Generation, names.Announced, names.Floor,
            .. message.Tags.Select(tag => (RedisKey)VersionKey(tag)),
        ];
        RedisValue[] arguments =
        [
            node, message.Id, sequence.Last, string.Join('\n', message.Tags), names.InScript(names.Backplane),
            logLength, _versionLifetime, message.Announcement, message.AnnouncedFor, areMany,
        ];
        var result = (string[])(await circuit.CallAsync(
            static s => s.db.ScriptEvaluateAsync(ClusterScripts.Invalidate, s.keys, s.arguments),
                (db: redis.GetDatabase(), keys, arguments)).ConfigureAwait(false))!;
        _ = Issued(result[0]);
        return result;
    }

    /// <summary>Removes a value that was invalidated while it was being stored.</summary>
    public async Task RemoveAsync(string key) => _ = await circuit.CallAsync(
        static s => s.db.ExecuteAsync("UNLINK", (RedisKey)s.name), (db: redis.GetDatabase(), name: names.Entry(key)))
        .ConfigureAwait(false);

    public async Task ReleaseAsync(LockGrant grant, bool withValue) => await circuit.CallAsync(
        static s => s.db.ScriptEvaluateAsync(
            EntryScripts.Release, s.layer.EntryKeys(s.grant.Key),
            [s.grant.Holder, s.layer._fillChannel, Ended(s.grant.Key, s.withValue)]),
        (db: redis.GetDatabase(), layer: this, grant, withValue)).ConfigureAwait(false);

    /// <summary>
    /// Gives back a lock that may have been granted though the response was lost: unrenewed, it would keep all nodes
    /// waiting.
    /// </summary>
    public void Abandon(string key, string holder) => redis.GetDatabase().ScriptEvaluate(
        EntryScripts.Release, EntryKeys(key), [holder, _fillChannel, Ended(key, withValue: false)],
        CommandFlags.FireAndForget);

    public async Task<bool> RenewAsync(LockGrant grant, TimeSpan lifetime) => (int)await circuit.CallAsync(
        static s => s.db.ScriptEvaluateAsync(
            EntryScripts.Renew, [s.name], [s.grant.Holder, s.lifetime]),
        (db: redis.GetDatabase(), name: names.FillLock(grant.Key), grant, lifetime: (long)lifetime.TotalMilliseconds))
        .ConfigureAwait(false) == 1;

    /// <summary>Reads what <see cref="RedisNames.Fills"/> brought.</summary>
    public static (string Key, bool WithValue) ParseEnded(string message) =>
        message.EndsWith('\n') ? (message[..^1], false) : (message, true);

    private static string Ended(string key, bool withValue) => withValue ? key : key + "\n";

    private string VersionKey(string tag) => names.Version(tag);

    private RedisKey[] EntryKeys(string key) => [names.Entry(key), names.FillLock(key)];

    // The sequence first.
    private RedisKey[] VersionKeys(TagSet tags)
    {
        var keys = new RedisKey[tags.Count + 1];
        keys[0] = names.Sequence;
        for (var i = 1; i < keys.Length; i++)
            keys[i] = VersionKey(tags[i - 1].State.Name);
        return keys;
    }

    /// <summary>The number that a script drew.</summary>
    /// <exception cref="InvalidDataException">It is none, or cannot have been issued: the sequence holds something
    /// else, and the next heartbeat makes it anew.</exception>
    private long Issued(string text)
    {
        var number = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var drawn) ? drawn : -1;
        if (!sequence.IsPlausible(number))
            throw new InvalidDataException($"'{text}' is no number that Redis has issued.");
        sequence.Observe(number);
        return number;
    }

    private TagStamp[] WithoutKnownVersion(TagStamp[] stamps)
    {
        // Since then Redis may have lost data, or this node the message that removed a version.
        var (since, now) = (Math.Max(tags.Everything.DroppedAt, tags.Node.DroppedAt), clock.Now);
        return Array.FindAll(
            stamps, stamp => stamp.State != tags.Everything && !stamp.State.IsPresent(since, now));
    }

    // What is no number, or none that Redis has issued, counts as forgotten.
    private long ParseNumber(RedisValue value) =>
        long.TryParse((string?)value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && sequence.IsPlausible(number) ? number : 0;
}

/// <summary>An invalidation as it is sent.</summary>
/// <param name="Tags">What is dropped.</param>
/// <param name="Id">The id of the message.</param>
/// <param name="AcknowledgedAs">The id that the sender waits for; null: it does not wait.</param>
/// <param name="Announcement">The announcement that it begins or ends; empty: none.</param>
/// <param name="AnnouncedFor">In ms; zero: it ends.</param>
internal sealed record Invalidation(
    IReadOnlyCollection<string> Tags, string Id, string? AcknowledgedAs, string Announcement = "",
    int AnnouncedFor = 0);
