using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.SingleFlight;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Caching;

/// <content>Many keys in one call.</content>
public sealed partial class MultiLevelCache
{
    /// <summary>How many keys one call of <c>GetOrCreateManyAsync</c> may name.</summary>
    public const int MaximumKeysPerCall = 1000;

    /// <summary>
    /// Returns the values under several keys, in their order; a key may occur twice. What L1 does not have is looked up
    /// in Redis in one round trip, and what no layer has is made by one call of the factory, which gets those keys.
    /// </summary>
    /// <remarks>
    /// Each key has a run, a fill lock, tags and a deadline of its own, as if it was read alone: a key that another
    /// caller is loading is joined and not loaded again. The factory returns the values by their keys; one that it
    /// leaves out is null. If it fails, no key that it was called for has a value; other callers that had joined one of
    /// these run their own factory. What can not be cached (a policy that is off, a key that is none) is made by a call
    /// of its own.
    /// </remarks>
    /// <exception cref="ArgumentException">There are more than <see cref="MaximumKeysPerCall"/> keys, or one is
    /// null.</exception>
    /// <exception cref="KeyNotFoundException">The factory leaves a key out, and the type of the values has no
    /// null.</exception>
    public ValueTask<IReadOnlyList<T>> GetOrCreateManyAsync<TState, T>(
        IReadOnlyList<string> keys, TState state,
        Func<TState, IReadOnlyList<string>, CancellationToken, ValueTask<IReadOnlyDictionary<string, T>>> factory,
        HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return ReadManyAsync(
            keys, (state, factory), static (s, context, ct) => s.factory(s.state, context.Keys, ct), options, tags,
            cancellationToken);
    }

    /// <inheritdoc cref="GetOrCreateManyAsync{TState, T}(IReadOnlyList{string}, TState, Func{TState,
    /// IReadOnlyList{string}, CancellationToken, ValueTask{IReadOnlyDictionary{string, T}}},
    /// HybridCacheEntryOptions?, IEnumerable{string}?, CancellationToken)"/>
    /// <summary>
    /// The same with a factory that can name dependencies of each value, shorten its lifetime, or keep it from being
    /// stored.
    /// </summary>
    public ValueTask<IReadOnlyList<T>> GetOrCreateManyAsync<TState, T>(
        IReadOnlyList<string> keys, TState state,
        Func<TState, CacheBatchContext, CancellationToken, ValueTask<IReadOnlyDictionary<string, T>>> factory,
        CachePolicy policy, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentNullException.ThrowIfNull(policy);
        return ReadManyAsync(
            keys, state, new BatchFactory<TState, T>(factory), policy.Options, null, cancellationToken);
    }

    private ValueTask<IReadOnlyList<T>> ReadManyAsync<TState, T>(
        IReadOnlyList<string> keys, TState state, BatchFactory<TState, T> factory, HybridCacheEntryOptions? options,
        IEnumerable<string>? tags, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(keys);
        if (keys.Count > MaximumKeysPerCall)
        {
            throw new ArgumentException(
                $"At most {MaximumKeysPerCall} keys can be read in one call, not {keys.Count}.", nameof(keys));
        }
        var values = new T[keys.Count];
        Dictionary<string, List<int>>? missing = null;
        for (var i = 0; i < values.Length; i++)
        {
            var key = keys[i] ?? throw new ArgumentException($"The key at {i} is null.", nameof(keys));
            if (ReadsMemory(options) && _memory.FindServable(key) is CacheEntry<T> entry)
                values[i] = Hit(entry);
            else if (!(missing ??= new(StringComparer.Ordinal)).TryAdd(key, [i]))
                missing[key].Add(i);
        }
        return missing is null ? new ValueTask<IReadOnlyList<T>>(values)
            : FillManyAsync(values, missing, state, factory, options, tags, cancellationToken);
    }

    private async ValueTask<IReadOnlyList<T>> FillManyAsync<TState, T>(
        T[] values, Dictionary<string, List<int>> missing, TState state, BatchFactory<TState, T> factory,
        HybridCacheEntryOptions? options, IEnumerable<string>? tags, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CacheTrace.Current?.ThrowIfForbidden();
        // Enumerated once, and refused before any fill begins.
        string[]? named = tags is null ? null : [.. tags.Select(CacheTags.CheckedForEntry)];
        var (requests, uncached) = (new List<CacheRequest<TState, T>>(missing.Count), new List<string>());
        foreach (var (key, places) in missing)
        {
            if (!_engine.Settings.Enabled || _engine.FindPolicy(key, options) is not { IsOff: false } policy)
            {
                uncached.Add(key);
                continue;
            }
            var request = new CacheRequest<TState, T>(
                key, state, (s, context, ct) => LoadOneAsync(key, s, factory, context, ct), policy, FlagsOf(options),
                named);
            if (request.ReadsMemory && _memory.FindStale(key) is CacheEntry<T> stale)
            {
                _memory.CountHit(stale);
                Put(places, () => ServeStale(stale, CacheOutcome.Memory, request));
                continue;
            }
            _engine.Metrics.MemoryMiss(policy, key);
            requests.Add(request);
        }
        if (requests.Count > 0)
        {
            var results = await _runs.RunManyAsync(requests, factory, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < results.Length; i++)
            {
                var (request, result) = (requests[i], results[i]);
                Put(missing[request.Key], () => Served(request, result));
            }
        }
        if (uncached.Count > 0)
        {
            var made = await RunManyUncachedAsync(uncached, state, factory, FlagsOf(options), cancellationToken)
                .ConfigureAwait(false);
            foreach (var key in uncached)
                Put(missing[key], () => made is null ? default! : FillBatch<TState, T>.ValueOf(made, key));
        }
        return values;

        // Each place gets a value of its own: a mutable one is copied.
        void Put(List<int> places, Func<T> value)
        {
            foreach (var place in places)
                values[place] = value();
        }
    }

    private T Served<TState, T>(in CacheRequest<TState, T> request, in FillResult<T> result)
    {
        if (result.Entry is { } made)
            return Serve(made, result.Outcome, request);
        CacheTrace.Current?.ReadUncached();
        return result.ForCaller();
    }

    // What a single key needs: the refresh of a stale one.
    private static async ValueTask<T> LoadOneAsync<TState, T>(
        string key, TState state, BatchFactory<TState, T> factory, CacheEntryContext context,
        CancellationToken cancellationToken)
    {
        var one = new CacheBatchContext(
            [key], asked => asked == key ? context : throw new ArgumentException(
                $"The factory is not called for the key '{asked}'.", nameof(asked)), context);
        return FillBatch<TState, T>.ValueOf(await factory(state, one, cancellationToken).ConfigureAwait(false), key);
    }

    private async ValueTask<IReadOnlyDictionary<string, T>?> RunManyUncachedAsync<TState, T>(
        List<string> keys, TState state, BatchFactory<TState, T> factory, HybridCacheEntryFlags flags,
        CancellationToken cancellationToken)
    {
        CacheTrace.Current?.ReadUncached();
        if ((flags & HybridCacheEntryFlags.DisableUnderlyingData) != 0)
            return null;
        var context = _engine.Fills.NewContext();
        await using var ending = context.ConfigureAwait(false);
        return await factory(state, new CacheBatchContext(keys, _ => context, context), cancellationToken)
            .ConfigureAwait(false);
    }
}
