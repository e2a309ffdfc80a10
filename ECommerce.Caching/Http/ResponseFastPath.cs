using System.Runtime.CompilerServices;
using ECommerce.Caching.Keys;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.SingleFlight;
using Microsoft.AspNetCore.Http;

namespace ECommerce.Caching.Http;

/// <summary>
/// Answers that memory has, before the output-cache middleware is entered: what that does around a hit costs more than the hit. It has said, at the
/// first miss of each endpoint, how the endpoint's key is made; what it keeps is what is found here.
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
        if (context.GetEndpoint() is not { } endpoint || !_keys.TryGetValue(endpoint, out var keyOf) || !engine.Settings.Enabled || keyOf(context) is not { } key)
            return null;
        const string Prefix = ResponseKey.Prefix;
        // Nearly always the key becomes no second text.
        var length = Prefix.Length + key.Length;
        var ours = length <= 128 ? stackalloc char[128] : new char[length];
        Prefix.CopyTo(ours);
        key.CopyTo(ours[Prefix.Length..]);
        if (engine.FindServable(ours[..length], MultiLevelOutputCacheStore.Layer) is not CacheEntry<ResponseBytes> { Value.ETag: not null } entry)
            return null;
        engine.CountHit(entry);
        return entry;
    }
}
