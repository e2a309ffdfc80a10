using StackExchange.Redis;

namespace ECommerce.Caching;

/// <summary>
/// Drops what a free pattern covers, which no tag does. First every node goes through its memory and what it is just making, and acknowledges it;
/// then this node alone goes through Redis, page by page, and drops what it finds as if each key had been named. Nothing slips through in between: who
/// was making a value when the word came does not store it, and takes it back if that has happened meanwhile.
/// </summary>
internal sealed class PatternSweep
{
    public const string Word = "sweep";

    private const int Page = 1000;
    private const int KeysAtOnce = 500;

    private readonly CacheEngine _engine;
    private readonly IConnectionMultiplexer? _redis;

    public PatternSweep(CacheEngine engine, Directives directives, IConnectionMultiplexer? redis = null)
    {
        (_engine, _redis) = (engine, redis);
        directives.On(Word, SweepMemory);
    }

    /// <summary>Drops what is in memory, and what is being made, of a pattern.</summary>
    public void SweepMemory(string pattern, long version)
    {
        var glob = new GlobPattern(pattern);
        var covered = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in _engine.Memory.Entries)
        {
            if (glob.Matches(DataKey(entry.Key)))
                covered.Add(TagOf(entry.Key));
            // Responses, and what else shows a covered entry, carry its key as a tag.
            foreach (var stamp in entry.Stamps)
                Cover(glob, stamp.State.Name, covered);
        }
        foreach (var (slot, flight) in _engine.Flights)
        {
            if (glob.Matches(slot.Key))
                covered.Add(slot.Key);
            foreach (var tag in flight.Tags)
                Cover(glob, tag.Name, covered);
        }
        foreach (var key in covered)
        {
            if (version > 0)
                _engine.Tags.Drop(key, version);
            else
                _engine.Tags.Drop(key);
        }
    }

    /// <summary>
    /// The keys of ours in Redis that a pattern covers, responses by the key of their data, in chunks. Of ours is what a policy's pattern matches and
    /// what begins as our entries do.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<RedisKey>> FindAsync(string pattern)
    {
        if (_redis is null)
            yield break;
        var chunk = new List<RedisKey>(KeysAtOnce);
        foreach (var endpoint in _redis.GetEndPoints())
        {
            var server = _redis.GetServer(endpoint);
            if (server.IsSlave)
                continue;
            if (!server.IsConnected)
                throw new TimeoutException($"The Redis at {endpoint} does not answer, and what it has of the pattern nobody knows.");
            foreach (var match in (string[])[pattern, MultiLevelOutputCacheStore.KeyPrefix + pattern])
            {
                // The client knows no asynchronous SCAN: each page blocks a thread of the pool, for as long as Redis takes for a thousand keys.
                using var keys = server.Keys(_redis.GetDatabase().Database, match, Page).GetEnumerator();
                while (await Task.Run(() => FillChunk(keys, chunk)).ConfigureAwait(false))
                {
                    yield return await OwnAsync(chunk).ConfigureAwait(false);
                    chunk.Clear();
                }
            }
        }
    }

    private static bool FillChunk(IEnumerator<RedisKey> keys, List<RedisKey> chunk)
    {
        while (chunk.Count < KeysAtOnce && keys.MoveNext())
            chunk.Add(keys.Current);
        return chunk.Count > 0;
    }

    private async Task<IReadOnlyList<RedisKey>> OwnAsync(List<RedisKey> found)
    {
        var db = _redis!.GetDatabase();
        var candidates = found.FindAll(key => _engine.Policies.FindByResponse(DataKey(key!)) is not null);
        var starts = await Task.WhenAll(candidates.Select(key => db.StringGetRangeAsync(key, 0, EntryFormat.MagicText.Length - 1))).WaitAsync(_engine.Settings.RedisTimeout).ConfigureAwait(false);
        return [.. candidates.Where((_, i) => starts[i] == EntryFormat.MagicText)];
    }

    /// <summary>Takes values out of Redis; their versions were raised before, so this only makes room.</summary>
    public Task UnlinkAsync(IReadOnlyList<RedisKey> keys) =>
        Task.WhenAll(keys.Select(key => _redis!.GetDatabase().ExecuteAsync("UNLINK", key))).WaitAsync(_engine.Settings.RedisTimeout);

    /// <summary>The tag that drops what stands under a key: the key, or of a response that of the data it shows.</summary>
    public string TagOf(string key) => _engine.Policies.FindByResponse(DataKey(key))?.DataKey ?? key;

    private static string DataKey(string key) =>
        key.StartsWith(MultiLevelOutputCacheStore.KeyPrefix, StringComparison.Ordinal) ? key[MultiLevelOutputCacheStore.KeyPrefix.Length..] : key;

    // A tag that names more than one entry ends with a star; to drop it would drop what the pattern does not cover.
    private static void Cover(GlobPattern glob, string tag, HashSet<string> covered)
    {
        if (!tag.EndsWith('*') && glob.Matches(tag))
            covered.Add(tag);
    }
}
