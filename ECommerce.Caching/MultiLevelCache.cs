using System.Runtime.CompilerServices;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Keys;
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
/// Pass <see cref="CachePolicy.Options"/> as options: the instance names the policy. Other options give a lifetime and
/// stay in memory. Values that cannot be changed are shared by all callers: texts, numbers, records whose members are
/// all init-only and themselves immutable, and what is marked <c>[ImmutableObject(true)]</c>. Of anything else each
/// caller gets a copy, by way of JSON. What serialising a value throws goes to its callers, and nothing is stored.
/// </remarks>
public sealed class MultiLevelCache : HybridCache
{
    // A caller that arrived after an invalidation never takes a value from before it, but it does not run after the
    // invalidations for ever either.
    private const int MaxReruns = 3;

    private readonly CacheEngine _engine;
    private readonly MemoryEntryStore _memory;
    private readonly SingleFlightGroup _runs;
    private readonly ICacheInvalidator _invalidator;

    internal MultiLevelCache(CacheEngine engine, ICacheInvalidator invalidator)
    {
        _engine = engine;
        _memory = engine.Memory;
        _runs = new SingleFlightGroup(engine);
        _invalidator = invalidator;
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
        return key is not null && _memory.FindServable(key) is CacheEntry<T> entry
            ? new ValueTask<T>(Hit(entry))
            : MissAsync(key!, state, factory, policy.Options, null, cancellationToken);
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
            : MissAsync(key!, (state, factory), static (s, _, ct) => s.factory(s.state, ct), options, tags,
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
        await RemoveAsync(key, cancellationToken).ConfigureAwait(false);
        if (!_engine.Settings.Enabled || !IsUsable(key) || _engine.Policies.Find(options).IsOff)
            return;
        var run = _runs.Start(
            new CacheRequest<T, T>(
                key, value, static (s, _, _) => new ValueTask<T>(s), _engine.Policies.Find(options),
                HybridCacheEntryFlags.DisableLocalCacheRead, tags));
        await run.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        // Under a key that cannot be one nothing was ever kept.
        if (IsUsable(key))
            await _invalidator.InvalidateAsync([key], cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default) =>
        await _invalidator.InvalidateAsync([tag], cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// From now on reads in the caller's flow throw as long as a condition holds: for a transaction that is open, whose
    /// state a cached value does not show. Must not be called by an asynchronous method, whose flow would end with it.
    /// </summary>
    /// <param name="condition">Asked by each read.</param>
    /// <param name="reason">The message of the <see cref="InvalidOperationException"/>.</param>
    public static void ForbidReads(Func<bool> condition, string reason) => CacheTrace.Forbid(condition, reason);

    private static bool ReadsMemory(HybridCacheEntryOptions? options) =>
        options?.Flags is not { } flags || (flags & HybridCacheEntryFlags.DisableLocalCacheRead) == 0;

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
        string key, TState state, Func<TState, CacheEntryContext, CancellationToken, ValueTask<T>> factory,
        HybridCacheEntryOptions? options, IEnumerable<string>? tags, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        cancellationToken.ThrowIfCancellationRequested();
        CacheTrace.Current?.ThrowIfForbidden();
        var request = new CacheRequest<TState, T>(
            key, state, factory, _engine.Policies.Find(options), options?.Flags ?? HybridCacheEntryFlags.None, tags);
        if (!_engine.Settings.Enabled || request.Policy.IsOff || !IsUsable(key))
            return await RunUncachedAsync(request, cancellationToken).ConfigureAwait(false);

        if (request.Flags == HybridCacheEntryFlags.None && _memory.FindStale(key) is CacheEntry<T> stale)
        {
            // A stale hit in Redis is counted where it is found.
            _memory.CountHit(stale);
            return ServeStale(stale, CacheOutcome.Memory, request);
        }
        if ((request.Flags & HybridCacheEntryFlags.DisableUnderlyingData) != 0)
            request = request with { Factory = static (_, context, _) => Nothing<T>(context) };

        _engine.Metrics.MemoryMiss(request.Policy);
        var redisFailed = false;
        if (request.Flags == HybridCacheEntryFlags.None && _engine.KeyHints?.TryBeginRead(key) is { } hint)
        {
            (var entry, redisFailed) = await _engine.ReadHintedAsync<T>(hint, key, request.Policy, tags)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            if (entry is not null)
                return Serve(entry, CacheOutcome.Redis, request);
        }
        return await RunSharedAsync(request, useRedis: !redisFailed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One run for all callers of the key: Redis, then the factory, then the value is stored.</summary>
    private async Task<T> RunSharedAsync<TState, T>(
        CacheRequest<TState, T> request, bool useRedis, CancellationToken cancellationToken)
    {
        var arrived = _engine.Tags.Moment;
        for (var attempt = 0; ; attempt++)
        {
            var run = _runs.JoinOrStart(request, out var isFirst, useRedis);
            var result = await run.WaitAsync(cancellationToken, isFirst).ConfigureAwait(false);
            if (run.IsTooOld(result, arrived) && attempt < MaxReruns)
                continue;
            if (result.Entry is { } entry)
                return Serve(entry, result.Outcome, request);
            CacheTrace.Current?.ReadUncached();
            return result.ForCaller();
        }
    }

    private async ValueTask<T> RunUncachedAsync<TState, T>(
        CacheRequest<TState, T> request, CancellationToken cancellationToken)
    {
        CacheTrace.Current?.ReadUncached();
        var context = _engine.Fills.NewContext();
        await using var ending = context.ConfigureAwait(false);
        return await request.Factory(request.State, context, cancellationToken).ConfigureAwait(false);
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
        _engine.Fills.Refresher.Begin(
            entry, ct => _runs.JoinOrStart(request, out _, acceptStale: false).WaitAsync(ct));
        return entry.Value;
    }

    private static ValueTask<T> Nothing<T>(CacheEntryContext context)
    {
        context.DoNotStore();
        return new ValueTask<T>(default(T)!);
    }

    private bool IsUsable(string key)
    {
        if (KeyFaults.Find(key) is KeyFault.None)
            return true;
        _engine.Log.UnusableKeyOnce(KeyFaults.MaxKeyLength);
        return false;
    }
}
