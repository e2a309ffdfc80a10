using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Keys;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.SingleFlight;
using ECommerce.Caching.Tags;
using ECommerce.Caching.Warming;
using Microsoft.AspNetCore.OutputCaching;

namespace ECommerce.Caching.Http;

/// <summary>
/// Responses in the same engine as the data they were built from: they carry its tags and its shortest lifetime, so
/// whatever drops the data drops them, on all nodes. A response that was built from nothing cached, or from something
/// overtaken meanwhile, is not kept.
/// </summary>
internal sealed class MultiLevelOutputCacheStore(CacheEngine engine, ICacheInvalidator invalidator)
    : IOutputCacheBufferStore, IResponsePreloader
{
    /// <summary>The layer of a hit in metrics and log, whether the response was in L1 or in Redis.</summary>
    public const string Layer = "output";

    // The middleware's key: ours with the moment of the request's arrival, the method, the scheme, host and path, and
    // what else the policy varies by.
    private const char Delimiter = '\u001e';
    private const int PartsOfPlainKey = 4;
    private const string AnyHost = "*:*";

    private readonly PlainResponses _plain = new(engine);

    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return FindInMemory(key) is { } entry ? new ValueTask<byte[]?>(entry.Value.Bytes) : GetElsewhereAsync(key);
    }

    public ValueTask<bool> TryGetAsync(string key, PipeWriter destination, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(destination);
        return FindInMemory(key) is { } entry ? WriteAsync(entry, destination, cancellationToken)
            : TryGetElsewhereAsync(key, destination, cancellationToken);
    }

    public ValueTask SetAsync(
        string key, byte[] value, string[]? tags, TimeSpan validFor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(value);
        foreach (var tag in tags ?? [])
            ArgumentNullException.ThrowIfNull(tag, nameof(tags));
        // A copy: the caller may write to its array later.
        return KeepAsync(key, [.. value], tags ?? [], validFor, cancellationToken);
    }

    public ValueTask SetAsync(
        string key, ReadOnlySequence<byte> value, ReadOnlyMemory<string> tags, TimeSpan validFor,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        foreach (var tag in tags.Span)
            ArgumentNullException.ThrowIfNull(tag, nameof(tags));
        return KeepAsync(key, value.ToArray(), tags.ToArray(), validFor, cancellationToken);
    }

    public ValueTask EvictByTagAsync(string tag, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tag);
        return new ValueTask(invalidator.InvalidateAsync([tag], cancellationToken).AsTask());
    }

    public async Task LoadAsync(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var own = ResponseKey.Prefix + key;
        if (engine.Settings.Enabled && engine.TrustedRedis is { } redis && PolicyOf(own) is var (policy, dataKey)
            && !policy.IsOff && engine.MayShare(policy) && engine.Memory.FindServable(own, Layer) is null)
        {
            _ = await FindInRedisAsync(redis, own, dataKey, policy).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Our part of the middleware's key: <c>out:</c> and the key of the data, and behind that a hash of what else the
    /// policy varies by. Empty: it is none of ours.
    /// </summary>
    internal static ReadOnlySpan<char> OwnKey(ReadOnlySpan<char> middlewareKey)
    {
        if (!middlewareKey.StartsWith(ResponseKey.Prefix, StringComparison.Ordinal))
            return [];
        var end = middlewareKey.IndexOf(Delimiter);
        if (end < 0)
            return ResponseKey.OfMiddleware(middlewareKey);
        var own = ResponseKey.OfMiddleware(middlewareKey[..end]);
        return IsPlain(middlewareKey) ? own : $"{own}:{HashOfVariation(middlewareKey)}";
    }

    private static bool IsPlain(ReadOnlySpan<char> middlewareKey) =>
        middlewareKey.Count(Delimiter) < PartsOfPlainKey && HostAndMore(middlewareKey).StartsWith(AnyHost);

    private static ReadOnlySpan<char> HostAndMore(ReadOnlySpan<char> middlewareKey)
    {
        for (var part = 1; part < PartsOfPlainKey; part++)
            middlewareKey = middlewareKey[(middlewareKey.IndexOf(Delimiter) + 1)..];
        return middlewareKey;
    }

    // The path too, if the host counts: they are one part.
    private static string HashOfVariation(ReadOnlySpan<char> middlewareKey)
    {
        var varies = HostAndMore(middlewareKey);
        if (varies.StartsWith(AnyHost))
            varies = varies[(varies.IndexOf(Delimiter) + 1)..];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(varies.ToString()))[..16]);
    }

    private static async ValueTask<bool> WriteAsync(
        CacheEntry<StoredResponse> entry, PipeWriter destination, CancellationToken cancellationToken)
    {
        await destination.WriteAsync(entry.Value.Bytes, cancellationToken).ConfigureAwait(false);
        return true;
    }

    // A hit needs neither the key as a text nor a search for its policy: the entry has it.
    private CacheEntry<StoredResponse>? FindInMemory(string middlewareKey)
    {
        if (!engine.Settings.Enabled)
            return null;
        if (OwnKey(middlewareKey) is not { IsEmpty: false } key)
            return _plain.Find(middlewareKey);
        if (engine.Memory.FindServable(key, Layer) is not CacheEntry<StoredResponse> entry)
            return null;
        engine.Memory.CountHit(entry);
        Serve(CacheOutcome.Memory, entry);
        return entry;
    }

    private async ValueTask<byte[]?> GetElsewhereAsync(string key) =>
        (await FindElsewhereAsync(key).ConfigureAwait(false))?.Value.Bytes;

    private async ValueTask<bool> TryGetElsewhereAsync(
        string key, PipeWriter destination, CancellationToken cancellationToken) =>
        await FindElsewhereAsync(key).ConfigureAwait(false) is { } entry
            && await WriteAsync(entry, destination, cancellationToken).ConfigureAwait(false);

    private async Task<CacheEntry<StoredResponse>?> FindElsewhereAsync(string middlewareKey)
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
            engine.Metrics.OutputMiss(policy, key);
            return null;
        }
        engine.Metrics.OutputHit(policy, key);
        Serve(CacheOutcome.Redis, entry);
        return entry;
    }

    private static void Serve(CacheOutcome outcome, CacheEntry<StoredResponse> entry)
    {
        if (CacheTrace.Current is not { } trace)
            return;
        trace.Served(outcome, entry.FreshUntil);
        trace.Stored = entry;
    }

    private async Task<CacheEntry<StoredResponse>?> FindInRedisAsync(
        RedisEntryStore redis, string key, string dataKey, PolicyState policy)
    {
        using var held = new TagSet(engine.Tags, policy.TagsOf(dataKey));
        try
        {
            var read = await redis.ReadAsync<StoredResponse>(key, policy, held, source: Layer).ConfigureAwait(false);
            return read.Entry;
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            engine.RedisFailed(exception, "read", key);
            return null;
        }
    }

    private async ValueTask KeepAsync(
        string middlewareKey, byte[] body, string[] tags, TimeSpan validFor, CancellationToken cancellationToken)
    {
        // The client has gone: the body may have been cut short.
        cancellationToken.ThrowIfCancellationRequested();
        if (!engine.Settings.Enabled || validFor <= TimeSpan.Zero)
            return;
        if (OwnKey(middlewareKey).IsEmpty)
        {
            _plain.Keep(middlewareKey, body, tags, validFor);
            return;
        }
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
        foreach (var tag in tags)
            held.Add(CacheTags.Checked(tag));
        // What the policy names besides: it was not read earlier than the data was.
        held.Stamp(trace.Stamps.Min(stamp => stamp.Sequence));
        var freshFor = TimeSpan.FromMilliseconds(trace.FreshUntil - engine.Clock.Now);
        if (validFor < freshFor)
            freshFor = validFor;
        if (freshFor <= TimeSpan.Zero || held.Count > CacheTags.MaximumPerEntry || held.DroppedAfter(trace.AsOf))
            return;

        var shareable = engine.MayShare(policy, trace) && held.IsStamped;
        var response = trace.Body is var (etag, written)
            ? StoredResponse.From(body, etag, written, ResponseHeaders.Own(trace.Headers ?? []))
            : new StoredResponse(body);
        var frozen = engine.Memory.Freeze(response);
        var entry = engine.Memory.Write(key, frozen, policy, held, trace.AsOf, trace.ReadAt, freshFor, freshFor);
        if (trace.Encoded is { } encoded && response.ETag is not null)
            response.Keep(encoded, engine.Memory.Layer.TryGrow(entry, encoded.Size));
        if (!shareable || engine.TrustedRedis is not { } redis)
            return;
        try
        {
            await redis.WriteAsync(
                entry, engine.Memory.Serializers.For<StoredResponse>().TypeId, frozen.Payload!, freshFor, freshFor,
                sensitive: trace.Sensitive)
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
