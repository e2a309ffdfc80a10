using ECommerce.Caching.Coherence;
using ECommerce.Caching.Inspection;
using ECommerce.Caching.Keys;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.SingleFlight;
using ECommerce.Caching.Warming;

namespace ECommerce.Caching.Administration;

/// <inheritdoc cref="ICacheAdministration"/>
internal sealed class CacheAdministration(
    CacheEngine engine, PatternSweep sweep, Invalidator invalidator, NodeQueries nodes) : ICacheAdministration
{
    public Task<NodeReports<CacheStatistics>> StatisticsAsync(string? tenant, CancellationToken cancellationToken) =>
        nodes.StatisticsAsync(tenant, cancellationToken);

    public Task<NodeReports<KeyExplanation>> ExplainAsync(string key, CancellationToken cancellationToken) =>
        nodes.ExplainAsync(key, cancellationToken);

    public async Task<CacheRemoval> RemoveAsync(string pattern, string? tenant, CancellationToken cancellationToken)
    {
        var (scope, counted) = Begin(pattern, tenant);
        cancellationToken.ThrowIfCancellationRequested();
        if (TagOf(scope) is not { } tag)
        {
            var swept = await invalidator.SweepAsync(scope, counted.Add, CancellationToken.None).ConfigureAwait(false);
            return new CacheRemoval(swept, counted.Keys);
        }
        var outcome = await invalidator.InvalidateAsync([tag], CancellationToken.None).ConfigureAwait(false);
        try
        {
            // Unusable already; this frees the memory of Redis.
            await foreach (var keys in sweep.FindAsync(scope, CancellationToken.None).ConfigureAwait(false))
            {
                counted.Add(keys);
                await sweep.UnlinkAsync(keys).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // They expire by themselves.
            engine.RedisFailed(exception, "unlink", pattern);
        }
        return new CacheRemoval(outcome, counted.Keys);
    }

    public async Task<long?> CountAsync(string pattern, string? tenant, CancellationToken cancellationToken)
    {
        var (scope, counted) = Begin(pattern, tenant);
        try
        {
            await foreach (var keys in sweep.FindAsync(scope, cancellationToken).ConfigureAwait(false))
                counted.Add(keys);
            return counted.Keys;
        }
        catch (Exception exception) when (RedisFailure.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public Task<CacheRemoval> ResetAsync(CancellationToken cancellationToken) =>
        RemoveAsync(CacheTags.Everything, null, cancellationToken);

    public Task<NodeReports<WarmingProgress>> WarmAsync(string? tenant, CancellationToken cancellationToken) =>
        nodes.WarmAsync(tenant, cancellationToken);

    private (KeyScope Scope, KeyCount Counted) Begin(string pattern, string? tenant)
    {
        var scope = engine.Policies.Scope(
            CacheTags.Checked(pattern), tenant is null ? null : KeyEscaping.Escape(tenant));
        var now = engine.Clock.Now;
        return (scope, new KeyCount(engine.Memory.Layer.Entries
            .Where(entry => scope.Covers(entry.Key) && MemoryInspection.StateOf(engine, entry, now).State
                is MemoryState.Fresh or MemoryState.Stale)
            .Select(static entry => entry.Key).ToHashSet(StringComparer.Ordinal)));
    }

    /// <summary>The one tag that drops what a scope covers, however many keys that are; null: there is none.</summary>
    private string? TagOf(KeyScope scope)
    {
        var isTag = !GlobPattern.IsOne(scope.Pattern) || engine.Policies.IsTag(scope.Pattern);
        return scope.Tenant is not { } tenant ? isTag ? scope.Pattern : null
            : scope.Pattern == CacheTags.Everything ? CacheTags.OfTenant(tenant)
            : isTag && engine.Policies.Owners.TenantOf(scope.Pattern) == tenant ? scope.Pattern : null;
    }

    /// <summary>Counts the keys of Redis, and those that only memory has.</summary>
    private sealed class KeyCount(HashSet<string> inMemory)
    {
        public long Keys { get; private set; } = inMemory.Count;

        // SCAN may return a key twice; to remember all of them would take more memory than the cache.
        public void Add(IReadOnlyList<string> inRedis) => Keys += inRedis.Count(key => !inMemory.Contains(key));
    }
}
