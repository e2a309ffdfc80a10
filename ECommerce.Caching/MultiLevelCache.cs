using System.Diagnostics;
using System.Runtime.CompilerServices;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.SingleFlight;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Caching;

/// <summary>
/// A <see cref="HybridCache"/> over the memory of the process (L1) and Redis (L2). A value computed before an
/// invalidation is never served after it, on any node; concurrent misses of a key run its factory once; Redis may be
/// unavailable.
/// </summary>
/// <remarks>
/// The policy of a call is that of its key, whatever the options: these give lifetimes and flags. Pass
/// <see cref="CachePolicy.Options"/> for the lifetimes of the policy. A key that no policy covers has no tenant and may
/// be sensitive, so its value stays in L1. Values that cannot be changed are shared by all callers: texts, numbers,
/// records whose members are all init-only and themselves immutable, and what is marked
/// <c>[ImmutableObject(true)]</c>. Of anything else each caller gets a copy, by way of JSON. What JSON would not bring
/// back whole stays in memory if it is immutable, and is not stored if it can be changed.
/// </remarks>
public sealed partial class MultiLevelCache : HybridCache
{
    private readonly CacheEngine _engine;
    private readonly MemoryEntryStore _memory;
    private readonly SingleFlightGroup _runs;
    private readonly ICacheInvalidator _invalidator;

    // For calls whose options name none.
    private readonly HybridCacheEntryFlags _defaultFlags;
    private readonly bool _readsMemory;

    internal MultiLevelCache(CacheEngine engine, ICacheInvalidator invalidator)
    {
        _engine = engine;
        _memory = engine.Memory;
        _runs = new SingleFlightGroup(engine);
        _invalidator = invalidator;
        _defaultFlags = engine.Settings.DefaultEntryOptions?.Flags ?? HybridCacheEntryFlags.None;
        _readsMemory = (_defaultFlags & HybridCacheEntryFlags.DisableLocalCacheRead) == 0;
    }

    /// <summary>
    /// Returns the value under a key, making it with the factory where no layer has it. The factory can name
    /// dependencies it finds while loading, shorten the lifetime, or keep the value from being stored.
    /// </summary>
    public ValueTask<T> GetOrCreateAsync<TState, T>(
        string key, TState state, Func<TState, CacheEntryContext, CancellationToken, ValueTask<T>> factory,
            CachePolicy policy, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(policy);
        return _readsMemory && key is not null && _memory.FindServable(key) is CacheEntry<T> entry
            ? new ValueTask<T>(Hit(entry))
            : MissAsync(key, state, factory, policy.Options, null, cancellationToken);
    }

    /// <summary>
    /// Looks a key up in L1 and in Redis, and makes no value: a miss runs no factory and takes no lock. A stale value
    /// counts as found and is not refreshed; an invalidated one never is.
    /// </summary>
    /// <exception cref="ArgumentNullException">The key is null.</exception>
    public ValueTask<CacheLookup<T>> TryGetAsync<T>(string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _memory.FindServable(key) is CacheEntry<T> entry
            ? new ValueTask<CacheLookup<T>>(new CacheLookup<T>(Found: true, Hit(entry)))
            : LookUpAsync<T>(key, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask<T> GetOrCreateAsync<TState, T>(
        string key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory,
            HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null,
            CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return ReadsMemory(options) && key is not null && _memory.FindServable(key) is CacheEntry<T> entry
            ? new ValueTask<T>(Hit(entry))
            : MissAsync(key, (state, factory), static (s, _, ct) => s.factory(s.state, ct), options, tags,
                cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>The key becomes a text on a miss only, so a hit allocates nothing.</remarks>
    public override ValueTask<T> GetOrCreateAsync<TState, T>(
        ReadOnlySpan<char> key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory,
            HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null,
            CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return ReadsMemory(options) && _memory.FindServable(key) is CacheEntry<T> entry
            ? new ValueTask<T>(Hit(entry))
            : MissAsync(key.ToString(), (state, factory), static (s, _, ct) => s.factory(s.state, ct), options, tags,
                cancellationToken);
    }

    /// <summary>
    /// Returns the value under an interpolated key (<c>$"product:{tenant}:{id}"</c>), which becomes a text on a miss
    /// only.
    /// </summary>
    /// <remarks>
    /// Preferred to the inherited one: that borrows a buffer for the key, and finds the overload with a span by a
    /// generic virtual call, which takes half as long as the hit.
    /// </remarks>
    public ValueTask<T> GetOrCreateAsync<TState, T>(
        ref CacheKeyHandler key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory,
            HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null,
            CancellationToken cancellationToken = default) =>
        GetOrCreateAsync(key.Text, state, factory, options, tags, cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// Replaces whatever any layer has under the key, on all nodes; a factory that runs meanwhile does not overwrite
    /// it.
    /// </remarks>
    public override async ValueTask SetAsync<T>(
        string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        await RemoveAsync(key, cancellationToken).ConfigureAwait(false);
        if (!_engine.Settings.Enabled || _engine.FindPolicy(key, options) is not { IsOff: false } policy)
            return;
        // Its "factory" is the value, so there is always one to store.
        var flags = FlagsOf(options) & ~HybridCacheEntryFlags.DisableUnderlyingData;
        var run = _runs.Start(
            new CacheRequest<T, T>(key, value, static (s, _, _) => new ValueTask<T>(s), policy, flags, tags));
        // To the end of the store: the value is in every layer when this returns.
        await run.Execution.WaitAsync(cancellationToken).ConfigureAwait(false);
        await run.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        // Under a key that cannot be one nothing was ever kept.
        if (_engine.IsUsable(key))
            await _invalidator.InvalidateAsync([key], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>All keys in one call of Redis.</remarks>
    public override async ValueTask RemoveAsync(
        IEnumerable<string> keys, CancellationToken cancellationToken = default)
    {
        string[] usable = [.. (keys ?? []).Where(_engine.IsUsable).Distinct(StringComparer.Ordinal)];
        if (usable.Length > 0)
            await _invalidator.InvalidateAsync(usable, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks><c>*</c> removes all entries. A null or blank tag, which no entry can carry, removes none.</remarks>
    public override async ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default)
    {
        if (!string.IsNullOrWhiteSpace(tag))
            await _invalidator.InvalidateAsync([tag], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    /// <remarks>All tags in one call of Redis.</remarks>
    public override async ValueTask RemoveByTagAsync(
        IEnumerable<string> tags, CancellationToken cancellationToken = default)
    {
        string[] named = [.. (tags ?? []).Where(static tag => !string.IsNullOrWhiteSpace(tag))
            .Distinct(StringComparer.Ordinal)];
        if (named.Length > 0)
            await _invalidator.InvalidateAsync(named, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// From now on reads in the caller's flow throw as long as a condition holds: for a transaction that is open, whose
    /// state a cached value does not show. Must not be called by an asynchronous method, whose flow would end with it.
    /// </summary>
    /// <param name="condition">Asked by each read.</param>
    /// <param name="reason">The message of the <see cref="InvalidOperationException"/>.</param>
    public static void ForbidReads(Func<bool> condition, string reason) => CacheTrace.Forbid(condition, reason);

    private bool ReadsMemory(HybridCacheEntryOptions? options) =>
        options?.Flags is { } flags ? (flags & HybridCacheEntryFlags.DisableLocalCacheRead) == 0 : _readsMemory;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Hit<T>(CacheEntry<T> entry)
    {
        CacheTrace.Current?.Read(entry, CacheOutcome.Memory);
        _memory.CountHit(entry);
        return entry.Value;
    }

    // Never inlined: its state would have to be cleared by every hit.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async ValueTask<T> MissAsync<TState, T>(
        string? key, TState state, Func<TState, CacheEntryContext, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options, IEnumerable<string>? tags, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CacheTrace.Current?.ThrowIfForbidden();
        var flags = FlagsOf(options);
        var policy = _engine.FindPolicy(key, options);
        // Under a key that cannot be one, a null too, nothing is kept: the caller gets what the factory makes.
        if (key is null || !_engine.Settings.Enabled || policy is not { IsOff: false })
            return await RunUncachedAsync(state, factory, flags, cancellationToken).ConfigureAwait(false);

        var request = new CacheRequest<TState, T>(key, state, factory, policy, flags, tags);
        if (request.ReadsMemory && _memory.FindStale(key) is CacheEntry<T> stale)
        {
            // A stale hit in Redis is counted where it is found.
            _memory.CountHit(stale);
            return ServeStale(stale, CacheOutcome.Memory, request);
        }
        // A refresh may have ended between the two looks; Redis may not have its value yet.
        if (request.ReadsMemory && _memory.FindServable(key) is CacheEntry<T> refreshed)
            return Hit(refreshed);

        _engine.Metrics.MemoryMiss(policy, key);
        var redisFailed = false;
        if (flags == HybridCacheEntryFlags.None && _engine.KeyHints?.TryBeginRead(key) is { } hint)
        {
            (var entry, redisFailed) = await _engine.ReadHintedAsync<T>(hint, key, policy, tags)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            if (entry is not null)
                return Serve(entry, CacheOutcome.Redis, request);
        }
        var result = await _runs.RunAsync(request, useRedis: !redisFailed, cancellationToken).ConfigureAwait(false);
        return Served(request, result);
    }

    private async ValueTask<CacheLookup<T>> LookUpAsync<T>(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CacheTrace.Current?.ThrowIfForbidden();
        if (!_engine.Settings.Enabled || _engine.FindPolicy(key, options: null) is not { IsOff: false } policy)
            return default;
        var request = new CacheRequest<MultiLevelCache, T>(
            key, this, static (_, _, _) => throw new UnreachableException(), policy,
            HybridCacheEntryFlags.DisableUnderlyingData, Tags: null);
        if (_memory.FindStale(key) is CacheEntry<T> stale)
        {
            _memory.CountHit(stale);
            return new CacheLookup<T>(Found: true, ServeStale(stale, CacheOutcome.Memory, request));
        }
        _engine.Metrics.MemoryMiss(policy, key);
        var result = await _runs.RunAsync(request, useRedis: true, cancellationToken).ConfigureAwait(false);
        return result.Entry is { } entry
            ? new CacheLookup<T>(Found: true, Serve(entry, result.Outcome, request))
            : default;
    }

    private async ValueTask<T> RunUncachedAsync<TState, T>(
        TState state, Func<TState, CacheEntryContext, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryFlags flags, CancellationToken cancellationToken)
    {
        CacheTrace.Current?.ReadUncached();
        if ((flags & HybridCacheEntryFlags.DisableUnderlyingData) != 0)
            return default!;
        var context = _engine.Fills.NewContext();
        await using var ending = context.ConfigureAwait(false);
        return await factory(state, context, cancellationToken).ConfigureAwait(false);
    }

    private T Serve<TState, T>(CacheEntry<T> entry, CacheOutcome outcome, in CacheRequest<TState, T> request)
    {
        if (entry.FreshUntil <= _engine.Clock.Now && outcome == CacheOutcome.Redis)
            return ServeStale(entry, outcome, request);
        CacheTrace.Current?.Read(entry, outcome);
        return entry.Value;
    }

    private T ServeStale<TState, T>(CacheEntry<T> entry, CacheOutcome outcome, CacheRequest<TState, T> request)
    {
        CacheTrace.Current?.Read(entry, outcome);
        _engine.Metrics.StaleServed(entry.Policy);
        _engine.Log.Stale(
            entry.Key, outcome == CacheOutcome.Memory ? "memory" : "redis",
            (entry.StaleUntil - _engine.Clock.Now) / 1000);
        if (request.RunsFactory)
        {
            _engine.Fills.Refresher.Begin(
                entry, ct => _runs.JoinOrStart(request, out _, acceptStale: false).WaitAsync(ct));
        }
        return entry.Value;
    }

    private HybridCacheEntryFlags FlagsOf(HybridCacheEntryOptions? options) => options?.Flags ?? _defaultFlags;
}
