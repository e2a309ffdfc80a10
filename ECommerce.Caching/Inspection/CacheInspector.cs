using ECommerce.Caching.Coherence;
using ECommerce.Caching.Keys;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.SingleFlight;
using ECommerce.Caching.Warming;

namespace ECommerce.Caching.Inspection;

/// <inheritdoc cref="ICacheInspector"/>
internal sealed class CacheInspector(
    CacheEngine engine, PatternSweep sweep, CacheHealth health, NodeLease? lease, RedisInspection? redis,
    Lazy<ICacheWarmer?> warmer) : ICacheInspector
{
    private const int MaxTopKeys = 20;

    private readonly KeyListing _listing = new(engine, sweep, redis);

    public Task<KeyPage> ListKeysAsync(
        string pattern, string? tenant, string? cursor, int limit, CancellationToken cancellationToken)
    {
        _ = CacheTags.Checked(pattern);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, ICacheInspector.MaxKeys);
        return _listing.StepAsync(
            engine.Policies.Scope(pattern, Escaped(tenant)), KeyCursor.Parse(cursor), limit, cancellationToken);
    }

    public string? TenantOf(string keyOrTag)
    {
        ArgumentNullException.ThrowIfNull(keyOrTag);
        return engine.Policies.Owners.TenantOf(keyOrTag);
    }

    public bool NamesAnotherTenant(string pattern, string tenant) =>
        engine.Policies.Owners.NamesAnother(CacheTags.Checked(pattern), KeyEscaping.Escape(tenant));

    public async Task<KeyExplanation> ExplainAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        cancellationToken.ThrowIfCancellationRequested();
        var fault = KeyFaults.Find(key, engine.Settings.MaximumKeyLength);
        var entry = engine.Memory.Layer.Peek(key);
        // An entry knows under which policy it was made; its key need not match that.
        var found = fault is KeyFault.None ? engine.Policies.FindByKey(key) : null;
        var policy = entry?.Policy ?? found?.Policy;
        var dataKey = found?.DataKey ?? key;
        if (fault is KeyFault.None && policy is not { IsDeclared: true })
            fault = KeyFault.NoPolicy;

        var (copy, lockedFor, isAwaited) = redis is null ? (RedisCopy.Without(RedisState.NotUsed), null, false)
            : fault is KeyFault.None or KeyFault.NoPolicy
                ? await redis.LookAsync(key, policy, dataKey, cancellationToken).ConfigureAwait(false)
            : (RedisCopy.Without(RedisState.NotAsked), null, false);
        return new KeyExplanation(
            key, fault, dataKey, policy is null ? null : Explain(policy), MemoryInspection.Look(engine, entry), copy,
                new ExplainedFill(FillStateOf(key), lockedFor, isAwaited),
            NodeState.From(engine, lease))
        {
            Reads = engine.Metrics.Keys.Of(key),
            LastFill = engine.Metrics.Recent.LastFill(key),
            LastDrop = engine.Metrics.Recent.LastDrop(TagsOf(dataKey, policy, entry, copy)),
        };
    }

    public async Task<CacheStatistics> StatisticsAsync(string? tenant, CancellationToken cancellationToken)
    {
        var all = Escaped(tenant) is not { } owner ? engine.Memory.Layer.Entries
            : engine.Memory.Layer.Entries.Where(entry => engine.Policies.Owners.TenantOfKey(entry.Key) == owner);
        var kept = all.GroupBy(static entry => entry.Policy.Pattern, StringComparer.Ordinal)
            .ToDictionary(
                static group => group.Key, static group =>
                (Entries: group.Count(), Bytes: group.Sum(static entry => (long)entry.Size)), StringComparer.Ordinal);
        var policies = engine.Policies.All.OrderBy(static policy => policy.Pattern, StringComparer.Ordinal)
            .Select(policy => PolicyInspection.Count(policy, kept.GetValueOrDefault(policy.Pattern))).ToArray();
        var totals = engine.Metrics.Totals();
        return new CacheStatistics(
            NodeState.From(engine, lease),
            tenant is null ? engine.Memory.Layer.Count : kept.Values.Sum(static own => own.Entries),
            tenant is null ? engine.Memory.Layer.Bytes : kept.Values.Sum(static own => own.Bytes),
            engine.Metrics.Evictions, engine.Fills.Runs.Values.Count(static run => !run.HasEnded),
            await health.PendingAsync(cancellationToken).ConfigureAwait(false),
                LayerStatistics.Share(totals.Hits, totals.Misses), policies)
        {
            Warming = warmer.Value?.Progress,
            Invalidations = new InvalidationStatistics(
                engine.Metrics.Invalidations, engine.Metrics.Deferrals, engine.Metrics.Lag.Count,
                engine.Metrics.Lag.Seconds),
            RedisErrors = engine.Metrics.RedisErrors,
            TopKeys = engine.Metrics.Keys.Top(
                MaxTopKeys, key => engine.Policies.Owners.TenantOfKey(key) is { } owner
                    && (tenant is null || owner == Escaped(tenant))),
        };
    }

    // Those that the key implies, and those that its value was found to depend on, as far as it is still there.
    private static HashSet<string> TagsOf(string dataKey, PolicyState? policy, CacheEntry? entry, RedisCopy inRedis)
    {
        var tags = new HashSet<string>(policy is { IsDeclared: true } ? policy.TagsOf(dataKey) : [dataKey]);
        if (entry is not null)
            tags.UnionWith(entry.Stamps.ToArray().Select(static stamp => stamp.State.Name));
        tags.UnionWith(inRedis.Tags.Select(static tag => tag.Tag));
        return tags;
    }

    private static string? Escaped(string? tenant) => tenant is null ? null : KeyEscaping.Escape(tenant);

    private ExplainedPolicy Explain(PolicyState policy) => new(
        policy.Pattern, policy.Fresh, policy.Stale, policy.Sensitive, policy.SingleFlight, policy.Flag?.Name,
            !policy.IsOff, engine.Redis is not null && engine.MayShare(policy));

    private FillState FillStateOf(string key)
    {
        var (state, now) = (FillState.None, engine.Clock.Now);
        foreach (var (slot, run) in engine.Fills.Runs)
        {
            if (slot.Key != key)
                continue;
            if (!run.HasEnded)
                return FillState.Running;
            if (!run.IsOver(now))
                state = FillState.Failed;
        }
        return state;
    }
}
