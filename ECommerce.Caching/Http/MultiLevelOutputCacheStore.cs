using System.Buffers;
using System.IO.Pipelines;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Keys;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.SingleFlight;
using ECommerce.Caching.Tags;
using Microsoft.AspNetCore.OutputCaching;

namespace ECommerce.Caching.Http;

/// <summary>
/// Responses in the same engine as the data they were built from: they carry its tags and its shortest lifetime, so
/// whatever drops the data drops them, on all nodes. A response that was built from nothing cached, or from something
/// overtaken meanwhile, is not kept.
/// </summary>
internal sealed class MultiLevelOutputCacheStore(CacheEngine engine, ICacheInvalidator invalidator)
    : IOutputCacheBufferStore
{
    /// <summary>The layer of a hit in metrics and log, whether the response was in L1 or in Redis.</summary>
    public const string Layer = "output";

    // The middleware surrounds our key with method, scheme, host and path, parted by this.
    private const char Delimiter = '\u001e';

    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken) =>
        FindInMemory(key) is { } entry ? new ValueTask<byte[]?>(entry.Value.Bytes) : GetElsewhereAsync(key);

    public ValueTask<bool> TryGetAsync(string key, PipeWriter destination, CancellationToken cancellationToken) =>
        FindInMemory(key) is { } entry ? WriteAsync(entry, destination, cancellationToken)
            : TryGetElsewhereAsync(key, destination, cancellationToken);

    public ValueTask SetAsync(
        string key, byte[] value, string[]? tags, TimeSpan validFor, CancellationToken cancellationToken) =>
        KeepAsync(key, value, tags, cancellationToken);

    public ValueTask SetAsync(
        string key, ReadOnlySequence<byte> value, ReadOnlyMemory<string> tags, TimeSpan validFor,
        CancellationToken cancellationToken) =>
        KeepAsync(key, value.ToArray(), tags.ToArray(), cancellationToken);

    public async ValueTask EvictByTagAsync(string tag, CancellationToken cancellationToken) =>
        await invalidator.InvalidateAsync([tag], cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Our part of the middleware's key: <c>out:</c> and the key of the data. Empty: it is none of ours.
    /// </summary>
    internal static ReadOnlySpan<char> OwnKey(ReadOnlySpan<char> middlewareKey)
    {
        foreach (var part in middlewareKey.Split(Delimiter))
        {
            if (middlewareKey[part].StartsWith(ResponseKey.Prefix, StringComparison.Ordinal))
                return middlewareKey[part];
        }
        return [];
    }

    private static async ValueTask<bool> WriteAsync(
        CacheEntry<ResponseBytes> entry, PipeWriter destination, CancellationToken cancellationToken)
    {
        await destination.WriteAsync(entry.Value.Bytes, cancellationToken).ConfigureAwait(false);
        return true;
    }

    // A hit needs neither the key as a text nor a search for its policy: the entry has it.
    private CacheEntry<ResponseBytes>? FindInMemory(string middlewareKey)
    {
        if (!engine.Settings.Enabled || OwnKey(middlewareKey) is not { IsEmpty: false } key)
            return null;
        if (engine.Memory.FindServable(key, Layer) is not CacheEntry<ResponseBytes> entry)
            return null;
        engine.Memory.CountHit(entry);
        CacheTrace.Current?.Served(CacheOutcome.Memory, entry.FreshUntil);
        return entry;
    }

    private async ValueTask<byte[]?> GetElsewhereAsync(string key) =>
        (await FindElsewhereAsync(key).ConfigureAwait(false))?.Value.Bytes;

    private async ValueTask<bool> TryGetElsewhereAsync(
        string key, PipeWriter destination, CancellationToken cancellationToken) =>
        await FindElsewhereAsync(key).ConfigureAwait(false) is { } entry
            && await WriteAsync(entry, destination, cancellationToken).ConfigureAwait(false);

    private async Task<CacheEntry<ResponseBytes>?> FindElsewhereAsync(string middlewareKey)
    {
        if (!engine.Settings.Enabled || OwnKey(middlewareKey).ToString() is not { Length: > 0 } key
            || PolicyOf(key) is not var (policy, dataKey))
        {
            return null;
        }
        var entry = engine.MayShare(policy) && engine.TrustedRedis is { } redis
            ? await FindInRedisAsync(redis, key, dataKey, policy).ConfigureAwait(false) : null;
        if (entry is null)
        {
            engine.Metrics.OutputMiss(policy);
            return null;
        }
        engine.Metrics.OutputHit(policy);
        CacheTrace.Current?.Served(CacheOutcome.Redis, entry.FreshUntil);
        return entry;
    }

    private async Task<CacheEntry<ResponseBytes>?> FindInRedisAsync(
        RedisEntryStore redis, string key, string dataKey, PolicyState policy)
    {
        using var held = new TagSet(engine.Tags, policy.TagsOf(dataKey));
        try
        {
            return (await redis.ReadAsync<ResponseBytes>(key, policy, held, source: Layer).ConfigureAwait(false)).Entry;
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            engine.RedisFailed(exception, "read", key);
            return null;
        }
    }

    private async ValueTask KeepAsync(
        string middlewareKey, byte[] body, string[]? tags, CancellationToken cancellationToken)
    {
        // The client has gone: the body may have been cut short.
        cancellationToken.ThrowIfCancellationRequested();
        if (OwnKey(middlewareKey).ToString() is not { Length: > 0 } key || PolicyOf(key) is not var (policy, _)
            || policy.IsOff || body.Length > engine.Settings.MaxValueSize)
        {
            return;
        }
        if (CacheTrace.Current is not { Storable: true, Stamps.Count: > 0 } trace)
            return;
        // Requests that missed together had the same data, and each brings the response it built from that: one is
        // enough.
        if (engine.Memory.Layer.Find(key) is { } kept && kept.AsOf >= trace.AsOf && kept.FreshUntil > engine.Clock.Now
            && kept.IsCurrent(engine.Tags))
        {
            return;
        }
        using var held = new TagSet(engine.Tags);
        foreach (var stamp in trace.Stamps)
            held.Add(stamp);
        foreach (var tag in tags ?? [])
            held.Add(CacheTags.Checked(tag));
        // What the policy names besides: it was not read earlier than the data was.
        held.Stamp(trace.Stamps.Min(stamp => stamp.Sequence));
        var freshFor = TimeSpan.FromMilliseconds(trace.FreshUntil - engine.Clock.Now);
        if (freshFor <= TimeSpan.Zero || held.Count > CacheTags.MaximumPerEntry || held.DroppedAfter(trace.AsOf))
            return;

        var shareable = engine.MayShare(policy, trace) && held.IsStamped;
        var response = trace.Body is var (etag, written) ? ResponseBytes.From(body, etag, written)
            : new ResponseBytes(body);
        var payload = response.Serialize();
        var entry = engine.Memory.Write(
            key, response, policy, held, trace.AsOf, trace.ReadAt, freshFor, freshFor, payload);
        if (!shareable || engine.TrustedRedis is not { } redis)
            return;
        try
        {
            await redis.WriteAsync(
                entry, TypeId<ResponseBytes>.Value, payload, freshFor, freshFor, sensitive: trace.Sensitive)
                .ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            engine.RedisFailed(exception, "write", key);
        }
    }

    private (PolicyState Policy, string DataKey)? PolicyOf(string key) =>
        engine.Policies.FindByResponse(key[ResponseKey.Prefix.Length..]);
}
