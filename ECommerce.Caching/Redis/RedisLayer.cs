using System.Globalization;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Tags;
using StackExchange.Redis;

namespace ECommerce.Caching.Redis;

/// <summary>
/// L2: values under the very keys of the schema, and the versions of tags. Every command touches one key, or keys of
/// one hash slot, so the same calls serve a Redis Cluster. Each call has a time-out and goes through the circuit
/// breaker.
/// </summary>
internal sealed class RedisLayer(
    IConnectionMultiplexer redis, ConnectionMonitor watch, RedisTopology masters, RedisCircuit circuit, TagTable tags,
        HighWaterMark sequence, CacheClock clock, CacheSettings settings,
    TimeSpan versionLifetime, CacheLog log)
{
    /// <summary>Announces to waiting nodes that a fill has ended.</summary>
    public const string FillChannel = "cache:fills";

    // How much of a version's lifetime is left at least when it is relied upon without asking: no entry lives longer.
    private const int PresenceShare = 2;

    private readonly RedisValue _versionLifetime = (long)versionLifetime.TotalMilliseconds;

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

    public static string VersionKey(string tag) =>
        tag == CacheTags.Everything ? ClusterScripts.GenerationKey : "v:{" + tag + "}";

    /// <summary>
    /// Reads a value in one round trip, and requests the fill lock if the request asks for it. Where it does, what was
    /// read before the given version is missing. Of a value that is not known well enough it asks the lifetime too.
    /// </summary>
    public async Task<RedisLookup> LookupAsync(
        string key, long newerThan, FillLockRequest request, string holder, RedisKeyHints? hints = null)
    {
        var epoch = watch.Epoch;
        var db = redis.GetDatabase();
        RedisLookup lookup = default;
        if (request != FillLockRequest.Never)
        {
            lookup = Read(key, holder, await circuit.CallAsync(
                static s => s.layer.AskAsync(s.db, s.key, s.newerThan, s.request, s.holder),
                    (layer: this, db, key, newerThan, request, holder)).ConfigureAwait(false));
        }
        else if (hints is null)
        {
            var result = await circuit.CallAsync(static s => s.db.StringGetWithExpiryAsync(s.key), (db, key))
                .ConfigureAwait(false);
            // Without an expiry it ended between the two commands, or is not ours.
            if (result.Value.HasValue && result.Expiry is { } left)
                lookup = new RedisLookup((byte[]?)result.Value, left);
        }
        else if ((byte[]?)await GetAsync(key).ConfigureAwait(false) is { } bytes)
        {
            if (hints.TimeToLive(key, bytes) is not { } left)
                return await LookupAsync(key, newerThan, request, holder).ConfigureAwait(false);
            lookup = new RedisLookup(bytes, left, IsKnown: true);
        }
        ThrowIfCutSince(epoch);
        return lookup;
    }

    /// <summary>
    /// The value of a key. Callers note <see cref="Epoch"/> before and call <see cref="ThrowIfCutSince"/> after it.
    /// </summary>
    public ValueTask<RedisValue> GetAsync(string key) =>
        circuit.CallAsync(static s => s.db.StringGetAsync(s.key), (db: redis.GetDatabase(), key));

    /// <inheritdoc cref="ConnectionMonitor.Epoch"/>
    public int Epoch => watch.Epoch;

    /// <summary>Cut and connected again meanwhile: another, unverified Redis may have responded.</summary>
    /// <exception cref="TimeoutException">It was.</exception>
    public void ThrowIfCutSince(int epoch)
    {
        if (epoch != watch.Epoch)
            throw new TimeoutException("The connection to Redis was cut during a read.");
    }

    /// <summary>
    /// Whether none of an entry's tags has been invalidated since, as Redis has it. A tag without a version may have
    /// been, and Redis has forgotten it.
    /// </summary>
    public async Task<bool> IsCurrentAsync(TagSet carried)
    {
        // Noted before the call is sent: a number drawn meanwhile may be higher than the result without anything being
        // lost.
        var seen = sequence.Last;
        var versions = await circuit.CallAsync(
            static s => Task.WhenAll(
                s.keys.Prepend(ClusterScripts.SequenceKey).Select(key => s.db.StringGetAsync(key))),
            (db: redis.GetDatabase(), keys: VersionKeys(carried))).ConfigureAwait(false);
        var issued = ParseNumber(versions[0]);
        // Redis lost writes (restart from an old snapshot, fail-over): versions may be old again. The next heartbeat
        // raises the generation.
        if (issued < seen)
            log.RedisForgot(issued, seen);
        var current = issued >= seen;
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
    /// usable, and what was read earlier is not. Not stored is what was overtaken (see <see cref="LockGrant"/>). A
    /// value without a lock may overtake running fills. Returns whether it was stored.
    /// </summary>
    public async Task<bool> StoreAsync(
        string key, byte[] bytes, TimeSpan lifetime, TagStamp[] stamps, LockGrant? grant, bool overtakes)
    {
        var generation = tags.Everything.Version;
        var call = (layer: this, db: redis.GetDatabase(), key, bytes, lifetime: (long)lifetime.TotalMilliseconds,
            missing: WithoutKnownVersion(stamps, generation),
            holder: grant?.Holder ?? "-", fence: grant?.Fence ?? (overtakes ? string.Empty : "0"));
        var results = await circuit.CallAsync(static s =>
        {
            // Sent before the value: a reader that finds a tag without a version treats it as lost and runs the
            // factory.
            Task<RedisResult>[] versions = [.. s.missing.Select(tag => s.db.ScriptEvaluateAsync(
                ClusterScripts.Ensure, [VersionKey(tag.State.Name)], [tag.Sequence, s.layer._versionLifetime]))];
            var store = s.db.ScriptEvaluateAsync(
                EntryScripts.Store,
                [s.key, FillLockKey(s.key), FenceKey(s.key)],
                [s.bytes, s.lifetime, s.fence, s.holder, FillChannel, Ended(s.key, withValue: true)]);
            return Task.WhenAll(versions.Append(store));
        }, call).ConfigureAwait(false);
        var presentUntil = clock.Now + (long)(versionLifetime / PresenceShare).TotalMilliseconds;
        foreach (var tag in call.missing)
            tag.State.MarkPresent(generation, presentUntil);
        return (int)results[^1] == 1;
    }

    /// <summary>
    /// Draws the number of an invalidation: after what it is about was committed, and before it is published.
    /// </summary>
    public async Task<long> DrawAsync()
    {
        var drawn = await circuit.CallAsync(
            static s => s.db.ScriptEvaluateAsync(ClusterScripts.Next, [ClusterScripts.SequenceKey], [s.seen]),
            (db: redis.GetDatabase(), seen: sequence.Last)).ConfigureAwait(false);
        var number = long.Parse((string)drawn!, CultureInfo.InvariantCulture);
        sequence.Observe(number);
        return number;
    }

    /// <summary>Makes a number the version of every tag: nothing that was read before is usable from now on.</summary>
    public async Task RaiseAsync(IReadOnlyCollection<string> dropped, long version) => _ = await circuit.CallAsync(
        static s => Task.WhenAll(s.dropped.Select(tag => s.db.ScriptEvaluateAsync(
            ClusterScripts.Raise, [VersionKey(tag)],
                [s.version, tag == CacheTags.Everything ? 0 : s.layer._versionLifetime]))),
        (db: redis.GetDatabase(), dropped, version, layer: this)).ConfigureAwait(false);

    /// <summary>
    /// The whole of an invalidation at once, where all keys are on one server. Returns the number, then the nodes that
    /// must acknowledge it.
    /// </summary>
    public async Task<string[]> InvalidateAsync(
        IReadOnlyCollection<string> dropped, string node, string id, string channel, int logLength)
    {
        RedisKey[] keys =
        [
            ClusterScripts.IndexKey, ClusterScripts.LogKey, ClusterScripts.NodesKey, ClusterScripts.SequenceKey,
                .. dropped.Select(tag => (RedisKey)VersionKey(tag)),
        ];
        RedisValue[] arguments =
            [node, id, sequence.Last, string.Join('\n', dropped), channel, logLength, _versionLifetime];
        var result = (string[])(await circuit.CallAsync(
            static s => s.db.ScriptEvaluateAsync(ClusterScripts.Invalidate, s.keys, s.arguments),
                (db: redis.GetDatabase(), keys, arguments)).ConfigureAwait(false))!;
        sequence.Observe(long.Parse(result[0], CultureInfo.InvariantCulture));
        return result;
    }

    /// <summary>Removes a value that was invalidated while it was being stored.</summary>
    public async Task RemoveAsync(string key) => _ = await circuit.CallAsync(
        static s => s.db.ExecuteAsync("UNLINK", (RedisKey)s.key), (db: redis.GetDatabase(), key)).ConfigureAwait(false);

    public async Task ReleaseAsync(LockGrant grant, bool withValue) => await circuit.CallAsync(
        static s => s.db.ScriptEvaluateAsync(
            EntryScripts.Release, [s.grant.Key, FillLockKey(s.grant.Key)],
                [s.grant.Holder, FillChannel, Ended(s.grant.Key, s.withValue)]),
        (db: redis.GetDatabase(), grant, withValue)).ConfigureAwait(false);

    /// <summary>
    /// Gives back a lock that may have been granted though the response was lost: unrenewed, it would keep all nodes
    /// waiting.
    /// </summary>
    public void Abandon(string key, string holder) => redis.GetDatabase().ScriptEvaluate(
        EntryScripts.Release, [key, FillLockKey(key)], [holder, FillChannel, Ended(key, withValue: false)],
            CommandFlags.FireAndForget);

    public async Task<bool> RenewAsync(LockGrant grant, TimeSpan lifetime) => (int)await circuit.CallAsync(
        static s => s.db.ScriptEvaluateAsync(
            EntryScripts.Renew, [FillLockKey(s.grant.Key)], [s.grant.Holder, s.lifetime]),
        (db: redis.GetDatabase(), grant, lifetime: (long)lifetime.TotalMilliseconds)).ConfigureAwait(false) == 1;

    /// <summary>Reads what <see cref="FillChannel"/> brought.</summary>
    public static (string Key, bool WithValue) ParseEnded(string message) =>
        message.EndsWith('\n') ? (message[..^1], false) : (message, true);

    private Task<RedisResult> AskAsync(
        IDatabase db, string key, long newerThan, FillLockRequest request, string holder) => db.ScriptEvaluateAsync(
        EntryScripts.Lookup,
        [key, FillLockKey(key), FenceKey(key)],
        [newerThan, request == FillLockRequest.IfAbsent ? "absent" : "always", holder,
            (long)settings.FillLockLifetime.TotalMilliseconds]);

    private static RedisLookup Read(string key, string holder, RedisResult result)
    {
        var reply = new LookupResult((byte[])result!);
        var lookup = new RedisLookup(reply.Value, reply.TimeToLive);
        if (reply.IsHeld)
            return lookup with { HeldFor = TimeSpan.FromMilliseconds(Math.Max(0, reply.Number)) };
        return reply.IsGranted
            ? lookup with { Grant = new LockGrant(key, holder, reply.Number.ToString(CultureInfo.InvariantCulture)) }
            : lookup;
    }

    private static string Ended(string key, bool withValue) => withValue ? key : key + "\n";

    public static string FillLockKey(string key) => "fl:{" + key + "}";

    private static string FenceKey(string key) => "fe:{" + key + "}";

    private static string[] VersionKeys(TagSet tags)
    {
        var keys = new string[tags.Count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = VersionKey(tags[i].State.Name);
        return keys;
    }

    private TagStamp[] WithoutKnownVersion(TagStamp[] stamps, long generation)
    {
        var now = clock.Now;
        return Array.FindAll(
            stamps, stamp => stamp.State != tags.Everything && !stamp.State.IsPresent(generation, now));
    }

    private static long ParseNumber(RedisValue value) =>
        long.TryParse((string?)value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
