using System.Runtime.CompilerServices;
using ECommerce.Caching.Keys;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.SingleFlight;
using Microsoft.AspNetCore.Http;

namespace ECommerce.Caching.Http;

/// <summary>
/// Responses in L1, served before the output-cache middleware is entered: its work around a hit costs more than the
/// hit. The first miss of an endpoint registers how its key is computed; what the middleware stores is found here.
/// </summary>
internal sealed class ResponseFastPath(CacheEngine engine)
{
    private readonly ConditionalWeakTable<Endpoint, Func<HttpContext, string?>> _keys = [];

    /// <summary>
    /// Registers an endpoint whose responses differ by nothing but their key. One whose policy asks for more is served
    /// by the middleware, which evaluates that policy.
    /// </summary>
    public void Remember(Endpoint? endpoint, Func<HttpContext, string?> key)
    {
        if (endpoint is not null && !_keys.TryGetValue(endpoint, out _) && PlainPolicies.IsPlain(endpoint))
            _keys.TryAdd(endpoint, key);
    }

    public CacheEntry<StoredResponse>? Find(HttpContext context)
    {
        if (!engine.Settings.Enabled || context.GetEndpoint() is not { } endpoint
            || !_keys.TryGetValue(endpoint, out var keyOf))
        {
            return null;
        }
        var key = keyOf(context);
        if (key is not null && Find(key) is { } entry)
        {
            engine.Memory.CountHit(entry);
            return entry;
        }
        // Only a miss needs the key again: a hit pays for no feature.
        ResponseKeyFeature.Set(context, keyOf, key);
        return null;
    }

    /// <summary>
    /// The body of a stored response in the coding that the client prefers; null: as it is. Compressed once, and kept
    /// with the entry within the limits of L1.
    /// </summary>
    public EncodedBody? Encoded(HttpContext context, StoredResponse response, CacheEntry entry)
    {
        if (response.BodyLength < ContentCodings.MinLength)
            return null;
        var coding = ContentCodings.Negotiate(context.Request.Headers.AcceptEncoding);
        if (coding == ContentCoding.Identity)
            return null;
        if (response.FindEncoded(coding) is { } made)
            return made;
        var encoded = response.Encode(coding, out var isNew);
        if (isNew)
            response.Keep(encoded, engine.Memory.Layer.TryGrow(entry, encoded.Size));
        return encoded;
    }

    private CacheEntry<StoredResponse>? Find(string key)
    {
        const string Prefix = ResponseKey.Prefix;
        // Nearly always the key becomes no second string.
        var length = Prefix.Length + key.Length;
        var ours = length <= 128 ? stackalloc char[128] : new char[length];
        Prefix.CopyTo(ours);
        key.CopyTo(ours[Prefix.Length..]);
        return engine.Memory.FindServable(ours[..length], MultiLevelOutputCacheStore.Layer)
            is CacheEntry<StoredResponse> { Value.ETag: not null } entry ? entry : null;
    }
}
