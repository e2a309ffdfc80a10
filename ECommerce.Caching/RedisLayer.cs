using System.Globalization;
using StackExchange.Redis;

namespace ECommerce.Caching;

/// <summary>What one look-up in Redis brought: the bytes under the key and how long they still live, and the sequence number at that time.</summary>
internal readonly record struct RedisLookup(byte[]? Bytes, TimeSpan? TimeToLive, long Sequence);

/// <summary>
/// L2: values under the very keys of the schema, and the versions of tags. Every command touches one key, or keys of one hash slot, so the
/// same calls serve a Redis Cluster. Each call has a time-out; the client itself knows no cancellation, so a call given up goes on unobserved.
/// </summary>
internal sealed class RedisLayer(IConnectionMultiplexer redis, ConnectionWatch watch, CacheSettings settings, TimeSpan versionLifetime, CacheLog log)
{
    private long _lastSequence;

    /// <summary>Whether what Redis holds may be used: it is connected, and a heartbeat has looked at it since it was.</summary>
    public bool IsTrusted => watch.IsTrusted;

    public static string VersionKey(string tag) => tag == CacheTags.Everything ? ClusterScripts.GenerationKey : "v:{" + tag + "}";

    /// <summary>
    /// Reads a value together with the versions of the tags it should carry, in one round trip. The value comes first on the wire: a bump in
    /// between then makes the value look old, never young.
    /// </summary>
    public async Task<RedisLookup> LookupAsync(string key, HeldTags tags)
    {
        // Noted before the call is sent: a number drawn meanwhile may be higher than the answer without anything being lost.
        var seen = Volatile.Read(ref _lastSequence);
        var epoch = watch.Epoch;
        var db = redis.GetDatabase();
        var value = db.StringGetAsync(key);
        var ttl = db.KeyTimeToLiveAsync(key);
        var sequence = db.StringGetAsync(ClusterScripts.SequenceKey);
        var versions = new Task<RedisValue>[tags.Count];
        for (var i = 0; i < versions.Length; i++)
            versions[i] = db.StringGetAsync(VersionKey(tags[i].State.Name));
        await InTimeAsync(Task.WhenAll([value, ttl, sequence, .. versions])).ConfigureAwait(false);

        // Cut and connected again meanwhile: it may be another Redis that answered, and nobody has looked at it yet.
        if (epoch != watch.Epoch)
            throw new TimeoutException("The connection to Redis was cut during a read.");
        for (var i = 0; i < versions.Length; i++)
        {
            if (ParseNumber(await versions[i].ConfigureAwait(false)) is > 0 and var version)
                tags.Note(i, version);
        }
        var last = ParseNumber(await sequence.ConfigureAwait(false));
        await DetectForgettingAsync(last, seen, tags).ConfigureAwait(false);
        return new RedisLookup(await value.ConfigureAwait(false), await ttl.ConfigureAwait(false), last);
    }

    /// <summary>The versions of tags from an index on, which were not part of the look-up.</summary>
    public async Task ReadVersionsAsync(HeldTags tags, int from)
    {
        var db = redis.GetDatabase();
        var versions = new Task<RedisValue>[tags.Count - from];
        for (var i = 0; i < versions.Length; i++)
            versions[i] = db.StringGetAsync(VersionKey(tags[from + i].State.Name));
        await InTimeAsync(Task.WhenAll(versions)).ConfigureAwait(false);
        for (var i = 0; i < versions.Length; i++)
        {
            if (ParseNumber(await versions[i].ConfigureAwait(false)) is > 0 and var version)
                tags.Note(from + i, version);
        }
    }

    /// <summary>
    /// Gives a version to the tags that have none. It is a new number, so nothing written before carries it. Says which were created here and now:
    /// such a tag has not been dropped since it was found absent.
    /// </summary>
    public async Task<HashSet<string>> CreateMissingVersionsAsync(HeldTags tags)
    {
        var created = new HashSet<string>(StringComparer.Ordinal);
        if (tags.AllVersionsKnown)
            return created;
        var db = redis.GetDatabase();
        var number = await NextAsync().ConfigureAwait(false);
        var pending = new List<(int Index, Task<bool> Created, Task<RedisValue> Version)>();
        for (var i = 0; i < tags.Count; i++)
        {
            if (tags[i].Version != 0)
                continue;
            var key = VersionKey(tags[i].State.Name);
            pending.Add((i, db.StringSetAsync(key, number, versionLifetime, When.NotExists), db.StringGetAsync(key)));
        }
        await InTimeAsync(Task.WhenAll(pending.Select(Task (row) => row.Version))).ConfigureAwait(false);
        foreach (var (index, set, read) in pending)
        {
            tags.Note(index, ParseNumber(await read.ConfigureAwait(false)));
            if (await set.ConfigureAwait(false))
                created.Add(tags[index].State.Name);
        }
        return created;
    }

    public async Task WriteAsync(string key, byte[] bytes, TimeSpan lifetime) =>
        await InTimeAsync(redis.GetDatabase().StringSetAsync(key, bytes, lifetime)).ConfigureAwait(false);

    /// <summary>Draws a number and makes it the version of every tag: nothing stamped before is usable from now on.</summary>
    public async Task<long> BumpAsync(IReadOnlyCollection<string> tags)
    {
        var number = await NextAsync().ConfigureAwait(false);
        var db = redis.GetDatabase();
        var lifetime = (long)versionLifetime.TotalMilliseconds;
        var raised = tags.Select(Task (tag) => db.ScriptEvaluateAsync(ClusterScripts.Raise, [VersionKey(tag)], [number, lifetime]));
        await InTimeAsync(Task.WhenAll(raised)).ConfigureAwait(false);
        return number;
    }

    private async Task<long> NextAsync()
    {
        var call = redis.GetDatabase().ScriptEvaluateAsync(ClusterScripts.Next, [ClusterScripts.SequenceKey], [Volatile.Read(ref _lastSequence)]);
        await InTimeAsync(call).ConfigureAwait(false);
        var number = long.Parse((string)(await call.ConfigureAwait(false))!, CultureInfo.InvariantCulture);
        InterlockedRaise(number);
        return number;
    }

    // A sequence lower than one this node has seen means that Redis lost writes (restart from an old snapshot, fail-over): versions may be
    // old again, so the version of everything is raised and nothing that was written before is trusted.
    private async Task DetectForgettingAsync(long sequence, long seen, HeldTags tags)
    {
        if (sequence >= seen)
        {
            InterlockedRaise(sequence);
            return;
        }
        log.RedisForgot(sequence, seen);
        await BumpAsync([CacheTags.Everything]).ConfigureAwait(false);
        tags.ForgetVersions();
        await ReadVersionsAsync(tags, 0).ConfigureAwait(false);
    }

    private void InterlockedRaise(long number)
    {
        var known = Volatile.Read(ref _lastSequence);
        while (known < number)
        {
            var seen = Interlocked.CompareExchange(ref _lastSequence, number, known);
            if (seen == known)
                return;
            known = seen;
        }
    }

    private async Task InTimeAsync(Task call)
    {
        try
        {
            await call.WaitAsync(settings.RedisTimeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Whatever it ends with, nobody waits for it any more.
            _ = call.ContinueWith(static done => done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }

    private static long ParseNumber(RedisValue value) =>
        long.TryParse((string?)value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
