using ECommerce.Caching.Memory;
using StackExchange.Redis;

namespace ECommerce.Caching.Redis;

/// <content>Look-ups of values, with and without the fill lock.</content>
internal sealed partial class RedisLayer
{
    private const int MaxLookupsInScript = 250;

    /// <summary>
    /// Reads a value in one round trip, and requests the fill lock if the request asks for it. Where it does, what was
    /// read before the given version is missing. Of a value that is not known well enough it asks the lifetime too.
    /// </summary>
    public async Task<RedisLookup> LookupAsync(LookupCall call, RedisKeyHints? hints = null)
    {
        var epoch = watch.Epoch;
        var db = redis.GetDatabase();
        RedisLookup lookup = default;
        if (call.Request != FillLockRequest.Never || call.Sliding > TimeSpan.Zero)
        {
            lookup = Read(call, await circuit.CallAsync(
                static s => s.layer.AskAsync(s.db, s.call), (layer: this, db, call)).ConfigureAwait(false));
        }
        else if (hints is null)
        {
            var result = await circuit.CallAsync(
                static s => s.db.StringGetWithExpiryAsync(s.name), (db, name: names.Entry(call.Key)))
                .ConfigureAwait(false);
            // Without an expiry it ended between the two commands, or is not ours.
            if (result.Value.HasValue && result.Expiry is { } left)
                lookup = new RedisLookup((byte[]?)result.Value, left);
        }
        else if ((byte[]?)await GetAsync(call.Key).ConfigureAwait(false) is { } bytes)
        {
            if (hints.TimeToLive(call.Key, bytes) is not { } left)
                return await LookupAsync(call).ConfigureAwait(false);
            lookup = new RedisLookup(bytes, left, IsKnown: true);
        }
        ThrowIfCutSince(epoch);
        return lookup;
    }

    /// <summary>
    /// Several look-ups in one round trip. Beyond a number of them they are several scripts, sent together, so that
    /// none keeps Redis from other clients for long; in a Redis Cluster each is one of its own.
    /// </summary>
    public async Task<RedisLookup[]> LookupAsync(IReadOnlyList<LookupCall> calls)
    {
        var epoch = watch.Epoch;
        LookupCall[][] parts = [.. calls.Chunk(IsCluster ? 1 : MaxLookupsInScript)];
        var replies = await circuit.CallAsync(
            static s => Task.WhenAll(s.parts.Select(part => s.layer.AskAsync(s.db, part))),
            (layer: this, db: redis.GetDatabase(), parts)).ConfigureAwait(false);
        ThrowIfCutSince(epoch);
        var found = new List<RedisLookup>(calls.Count);
        foreach (var (part, reply) in parts.Zip(replies))
            found.AddRange(part.Zip((RedisResult[])reply!, (call, one) => Read(call, one)));
        return [.. found];
    }

    /// <summary>
    /// The value of a key. Callers note <see cref="Epoch"/> before and call <see cref="ThrowIfCutSince"/> after it.
    /// </summary>
    public ValueTask<RedisValue> GetAsync(string key) =>
        circuit.CallAsync(
            static s => TextAsync(s.db, s.name), (db: redis.GetDatabase(), name: (RedisKey)names.Entry(key)));

    /// <inheritdoc cref="ConnectionMonitor.Epoch"/>
    public int Epoch => watch.Epoch;

    /// <summary>Cut and connected again meanwhile: another, unverified Redis may have responded.</summary>
    /// <exception cref="TimeoutException">It was.</exception>
    public void ThrowIfCutSince(int epoch)
    {
        if (epoch != watch.Epoch)
            throw new TimeoutException("The connection to Redis was cut during a read.");
    }

    private Task<RedisResult> AskAsync(IDatabase db, in LookupCall call) => db.ScriptEvaluateAsync(
        EntryScripts.Lookup, [.. EntryKeys(call.Key), .. SequenceKey],
        [
            call.NewerThan, EntryScripts.Name(call.Request), call.Holder, LockLifetime, sequence.Last,
            Milliseconds(call.Sliding),
        ]);

    private Task<RedisResult> AskAsync(IDatabase db, LookupCall[] calls) => db.ScriptEvaluateAsync(
        EntryScripts.LookupMany, [.. calls.SelectMany(call => EntryKeys(call.Key)), .. SequenceKey],
        [
            LockLifetime, sequence.Last,
            .. calls.SelectMany(static call => (RedisValue[])
                [call.NewerThan, EntryScripts.Name(call.Request), call.Holder, Milliseconds(call.Sliding)]),
        ]);

    // In a Redis Cluster it is on another server.
    private RedisKey[] SequenceKey => IsCluster ? [] : [names.Sequence];

    /// <summary>A read that needed no Redis renews the sliding expiration of an entry there too.</summary>
    public async Task SlideAsync(string key, TimeSpan sliding) => _ = await circuit.CallAsync(
        static s => s.db.ScriptEvaluateAsync(EntryScripts.Slide, [s.name], [Milliseconds(s.sliding)]),
        (db: redis.GetDatabase(), name: (RedisKey)names.Entry(key), sliding)).ConfigureAwait(false);

    private RedisValue LockLifetime => Milliseconds(settings.FillLockLifetime);

    private static RedisValue Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;

    private RedisLookup Read(in LookupCall call, RedisResult result)
    {
        var reply = new LookupResult((byte[])result!);
        var lookup = new RedisLookup(reply.Value, reply.TimeToLive);
        if (reply.IsHeld)
            return lookup with { HeldFor = TimeSpan.FromMilliseconds(Math.Max(0, reply.Number)) };
        sequence.Observe(reply.Issued);
        return reply.IsGranted ? lookup with { Grant = new LockGrant(call.Key, call.Holder) } : lookup;
    }

    /// <summary>The announcements under way, as their writers wrote them, or more than are looked through.</summary>
    private static async Task<string[]> AnnouncedAsync(IDatabase db, RedisKey key)
    {
        try
        {
            return (await db.SortedSetRangeByRankAsync(key, 0, Announcements.MaxRead).ConfigureAwait(false))
                .ToStringArray()!;
        }
        catch (RedisServerException exception) when (RedisFailure.IsOtherType(exception))
        {
            // The next heartbeat raises the generation.
            return [];
        }
    }

    /// <summary>The text of a key; none, if it holds another type.</summary>
    private static async Task<RedisValue> TextAsync(IDatabase db, RedisKey key)
    {
        try
        {
            return await db.StringGetAsync(key).ConfigureAwait(false);
        }
        catch (RedisServerException exception) when (RedisFailure.IsOtherType(exception))
        {
            return RedisValue.Null;
        }
    }
}
