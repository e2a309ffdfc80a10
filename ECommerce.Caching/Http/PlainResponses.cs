using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Serialization;
using ECommerce.Caching.SingleFlight;

namespace ECommerce.Caching.Http;

/// <summary>
/// Responses of output policies that do not name a policy of the data: kept in L1 of this node under their own tags,
/// for the time their policy gives. Evicting one of their tags evicts them on all nodes.
/// </summary>
internal sealed class PlainResponses(CacheEngine engine)
{
    // No key of data begins like this: it would not be one.
    private const string Prefix = "\u001eplain:";

    public CacheEntry<StoredResponse>? Find(string key) =>
        engine.Memory.FindServable(Prefix + key, MultiLevelOutputCacheStore.Layer) as CacheEntry<StoredResponse>;

    public void Keep(string key, byte[] body, string[] tags, TimeSpan validFor)
    {
        if (body.Length > engine.Settings.MaxValueSize || tags.Length > CacheTags.MaximumPerEntry)
            return;
        // As old as its request: what was evicted while the response was built does not come back with it.
        var trace = CacheTrace.Current;
        var asOf = Math.Min(trace?.BegunAsOf ?? long.MaxValue, engine.Tags.Moment);
        var readAt = Math.Min(trace?.BegunAt ?? long.MaxValue, engine.Clock.Now);
        // No pattern of a policy begins like this.
        var policy = engine.Policies.Find(Prefix + key, options: null)!;
        using var held = engine.Hold(Prefix + key, policy, tags);
        if (held.DroppedAfter(asOf))
            return;
        var response = new StoredResponse(body);
        engine.Memory.Write(
            Prefix + key, engine.Memory.Freeze(response), policy, held, asOf, readAt, validFor, validFor);
    }
}
