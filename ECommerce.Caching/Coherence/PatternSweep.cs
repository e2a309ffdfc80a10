using System.Globalization;
using System.Runtime.CompilerServices;
using ECommerce.Caching.Keys;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.SingleFlight;
using StackExchange.Redis;

namespace ECommerce.Caching.Coherence;

/// <summary>
/// Drops what a free pattern covers, which no tag does. First every node goes through its L1 and its running
/// fills, and acknowledges it; then this node alone goes through Redis, page by page, and drops what it finds as if
/// each key had been named. No entry is missed in between: a fill that ran when the command arrived does not store its
/// value, or removes it if it was stored meanwhile.
/// </summary>
internal sealed class PatternSweep
{
    private const string Command = "sweep";

    // With the tenant before the pattern.
    private const string TenantCommand = "sweep-tenant";

    /// <summary>How many keys are requested from Redis at once.</summary>
    public const int KeysAtOnce = 500;

    private const int Page = 1000;

    private readonly CacheEngine _engine;
    private readonly IConnectionMultiplexer? _redis;
    private readonly RedisTopology? _masters;
    private readonly RedisNames _names;

    public PatternSweep(
        CacheEngine engine, BackplaneCommands commands, IConnectionMultiplexer? redis = null,
        RedisTopology? masters = null, RedisNames? names = null)
    {
        (_engine, _redis, _masters, _names) = (engine, redis, masters, names ?? RedisNames.Default);
        commands.On(Command, (pattern, version) => SweepMemory(engine.Policies.Scope(pattern), version));
        commands.On(TenantCommand, SweepMemoryOfTenant);
    }

    /// <summary>What makes the other nodes sweep their memory.</summary>
    public static string Write(KeyScope scope) => scope.Tenant is { } tenant
        ? BackplaneCommands.Write(TenantCommand, $"{tenant}:{scope.Pattern}")
        : BackplaneCommands.Write(Command, scope.Pattern);

    /// <summary>Drops the entries in L1, and the running fills, that a scope covers.</summary>
    public void SweepMemory(KeyScope scope, long version)
    {
        var covered = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in _engine.Memory.Layer.Entries)
        {
            if (scope.Covers(entry.Key))
                covered.Add(TagOf(entry.Key));
            // Responses, and what else shows a covered entry, carry its key as a tag.
            foreach (var stamp in entry.Stamps)
                Cover(scope, stamp.State.Name, covered);
        }
        foreach (var (slot, run) in _engine.Fills.Runs)
        {
            if (scope.Covers(slot.Key))
                covered.Add(slot.Key);
            foreach (var tag in run.Tags)
                Cover(scope, tag.Name, covered);
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
    /// The keys of ours in Redis that a scope covers, in chunks. Of ours is what a policy's pattern matches and what
    /// begins as our entries do.
    /// </summary>
    /// <exception cref="TimeoutException">Redis, or a part of it, does not respond.</exception>
    public async IAsyncEnumerable<IReadOnlyList<string>> FindAsync(
        KeyScope scope, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (_redis is null || _masters is null || scope.Match is not { } match)
            yield break;
        foreach (var server in await _masters.ServersAsync().WaitAsync(_engine.Settings.RedisTimeout, cancellationToken)
            .ConfigureAwait(false))
        {
            // Not disposed where it is abandoned: it may still be waiting for a page.
            var keys = server.KeysAsync(_redis.GetDatabase().Database, _names.Entry(match), Page)
                .GetAsyncEnumerator(cancellationToken);
            while (await AliveAsync(server, NextChunkAsync(keys), cancellationToken)
                .ConfigureAwait(false) is { Count: > 0 } chunk)
            {
                yield return await OwnAsync(scope, chunk).ConfigureAwait(false);
            }
            await keys.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// One call of SCAN: the keys it finds that a scope covers and a policy's pattern matches, whatever they hold, and
    /// where to go on; null: nowhere.
    /// </summary>
    /// <exception cref="TimeoutException">Redis, or a part of it, does not respond.</exception>
    public async Task<(IReadOnlyList<string> Keys, ScanPosition? Next)> ScanAsync(
        KeyScope scope, ScanPosition at, int count)
    {
        if (_redis is null || _masters is null || scope.Match is not { } match)
            return ([], null);
        var servers = await _masters.ServersAsync().WaitAsync(_engine.Settings.RedisTimeout).ConfigureAwait(false);
        // With fewer servers than before there is nothing to go on with.
        if (at.Server >= servers.Count)
            return ([], null);
        var page = (RedisResult[])(await servers[at.Server].ExecuteAsync(
            _redis.GetDatabase().Database, "SCAN", [at.Cursor, "MATCH", _names.Entry(match), "COUNT", count])
            .WaitAsync(_engine.Settings.RedisTimeout).ConfigureAwait(false))!;
        var next = ulong.Parse((string)page[0]!, CultureInfo.InvariantCulture);
        return (
            Candidates(scope, (RedisKey[])page[1]!),
            next > 0 ? at with { Cursor = next }
                : at.Server + 1 < servers.Count ? new ScanPosition(at.Server + 1, 0) : null);
    }

    // A list of its own each time: an abandoned one may still be written to.
    private static async Task<List<RedisKey>> NextChunkAsync(IAsyncEnumerator<RedisKey> keys)
    {
        var chunk = new List<RedisKey>(KeysAtOnce);
        while (chunk.Count < KeysAtOnce && await keys.MoveNextAsync().ConfigureAwait(false))
            chunk.Add(keys.Current);
        return chunk;
    }

    /// <summary>
    /// Waits for pages, of which Redis may have to scan any number, as long as it responds to PING in between.
    /// </summary>
    private async Task<T> AliveAsync<T>(IServer server, Task<T> pages, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await pages.WaitAsync(_engine.Settings.RedisTimeout, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!pages.IsCompleted)
            {
                await server.PingAsync().WaitAsync(_engine.Settings.RedisTimeout, cancellationToken)
                    .ConfigureAwait(false);
            }
        }
    }

    // As memory matches: Redis compares bytes, and was asked for more.
    private List<string> Candidates(KeyScope scope, IEnumerable<RedisKey> found) =>
        [.. found.Select(name => _names.KeyOf(name!)).Where(key =>
            scope.Covers(key) && _engine.Policies.FindByResponse(ResponseKey.DataKey(key)) is not null)];

    private async Task<IReadOnlyList<string>> OwnAsync(KeyScope scope, List<RedisKey> found)
    {
        var db = _redis!.GetDatabase();
        var candidates = Candidates(scope, found);
        var own = await Task.WhenAll(candidates.Select(key => IsOwnAsync(db, _names.Entry(key))))
            .WaitAsync(_engine.Settings.RedisTimeout).ConfigureAwait(false);
        return [.. candidates.Where((_, i) => own[i])];
    }

    /// <summary>Whether the value of a key begins as our entries do.</summary>
    public static async Task<bool> IsOwnAsync(IDatabase db, RedisKey key)
    {
        try
        {
            return await db.StringGetRangeAsync(key, 0, EntryFormat.MagicText.Length - 1)
                .ConfigureAwait(false) == EntryFormat.MagicText;
        }
        catch (RedisServerException exception) when (RedisFailure.IsOtherType(exception))
        {
            return false;
        }
    }

    /// <summary>Removes values from Redis; their versions were raised before, so this only frees memory.</summary>
    public async Task UnlinkAsync(IReadOnlyList<string> keys)
    {
        try
        {
            await Task.WhenAll(keys.Select(
                key => _redis!.GetDatabase().ExecuteAsync("UNLINK", (RedisKey)_names.Entry(key))))
                .WaitAsync(_engine.Settings.RedisTimeout).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // They are unusable already, and expire by themselves.
        }
    }

    /// <summary>
    /// The tag that drops the entry of a key: the key, or for a response the key of the data it shows.
    /// </summary>
    public string TagOf(string key) => _engine.Policies.FindByResponse(ResponseKey.DataKey(key))?.DataKey ?? key;

    // A tag that names more than one entry ends with a star; to drop it would drop what the pattern does not cover.
    private static void Cover(KeyScope scope, string tag, HashSet<string> covered)
    {
        if (!tag.EndsWith('*') && scope.Covers(tag))
            covered.Add(tag);
    }

    private void SweepMemoryOfTenant(string text, long version)
    {
        // An escaped tenant has no colon.
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0)
            SweepMemory(_engine.Policies.Scope(text[(colon + 1)..], text[..colon]), version);
    }
}

/// <summary>Where a scan goes on: at which of the servers, and with which cursor of it.</summary>
internal readonly record struct ScanPosition(int Server, ulong Cursor);
