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

    public void Remember(Endpoint? endpoint, Func<HttpContext, string?> key)
    {
        if (endpoint is not null)
            _keys.TryAdd(endpoint, key);
    }

    public CacheEntry<ResponseBytes>? Find(HttpContext context)
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

    private CacheEntry<ResponseBytes>? Find(string key)
    {
        const string Prefix = ResponseKey.Prefix;
        // Nearly always the key becomes no second string.
        var length = Prefix.Length + key.Length;
        var ours = length <= 128 ? stackalloc char[128] : new char[length];
        Prefix.CopyTo(ours);
        key.CopyTo(ours[Prefix.Length..]);
        return engine.Memory.FindServable(ours[..length], MultiLevelOutputCacheStore.Layer)
            is CacheEntry<ResponseBytes> { Value.ETag: not null } entry ? entry : null;
    }
}
