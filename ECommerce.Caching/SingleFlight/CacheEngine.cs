using System.Diagnostics.CodeAnalysis;
using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Keys;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Redis;
using ECommerce.Caching.Tags;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Caching.SingleFlight;

/// <summary>
/// What the data cache, the output cache and the invalidator share: the policies, both layers, and the running fills.
/// </summary>
internal sealed class CacheEngine(
    CacheSettings settings, PolicyRegistry policies, MemoryEntryStore memory, RedisEntryStore? redis,
    FillEnvironment fills, CacheLog log, CacheMetrics metrics)
{
    public CacheSettings Settings => settings;
    public PolicyRegistry Policies => policies;
    public MemoryEntryStore Memory => memory;
    public TagTable Tags => memory.Tags;
    public CacheClock Clock => memory.Clock;
    public FillEnvironment Fills => fills;
    public CacheLog Log => log;
    public CacheMetrics Metrics => metrics;

    /// <summary>Null: <c>CACHE_BACKEND=memory</c>.</summary>
    public RedisLayer? Redis => redis?.Layer;

    /// <summary>Entries in Redis, if it is connected, verified, and has all invalidations of this node.</summary>
    public RedisEntryStore? TrustedRedis => redis is { Layer.IsTrusted: true } && !Pending.Any ? redis : null;

    /// <summary>The highest number this node has seen Redis issue; zero without Redis.</summary>
    public long HighestNumber => redis?.Layer.HighestNumber ?? 0;

    /// <summary>Redis must not contradict invalidations that it has not received yet.</summary>
    public PendingInvalidations Pending { get; } = new();

    /// <summary>Null without Redis.</summary>
    public RedisKeyHints? KeyHints => redis?.Hints;

    private bool CanEncrypt => settings.EncryptionKeys.Writing is not null;

    /// <summary>
    /// Whether entries of a policy may be stored in Redis: it is declared, and sensitive values can be encrypted.
    /// </summary>
    public bool MayShare(PolicyState policy) => policy.IsDeclared && !policy.IsOff && (!policy.Sensitive || CanEncrypt);

    /// <summary>The same for a response: it is as sensitive as the most sensitive value it was built from.</summary>
    public bool MayShare(PolicyState policy, CacheTrace builtFrom) =>
        MayShare(policy) && (!builtFrom.Sensitive || CanEncrypt);

    /// <summary>The policy of a call; null, which is logged once, where nothing can be cached under the key.</summary>
    public PolicyState? FindPolicy(string? key, HybridCacheEntryOptions? options)
    {
        if (!IsUsable(key))
            return null;
        var policy = policies.Find(key, options);
        if (policy is null)
            log.ForeignKeyOnce(key);
        return policy;
    }

    /// <summary>Whether a text can be a key.</summary>
    public bool IsUsable([NotNullWhen(true)] string? key)
    {
        if (key is not null && KeyFaults.Find(key, settings.MaximumKeyLength) is KeyFault.None)
            return true;
        log.UnusableKeyOnce(settings.MaximumKeyLength);
        return false;
    }

    /// <summary>The tags an entry must carry: those that its key implies and those that the caller gives.</summary>
    public TagSet Hold(string key, PolicyState policy, IEnumerable<string>? callersTags)
    {
        var held = new TagSet(Tags, policy.TagsOf(key));
        foreach (var tag in callersTags ?? [])
            held.Add(CacheTags.CheckedForEntry(tag));
        _ = policy.Combine(key, held);
        return held;
    }

    /// <summary>
    /// Reads by a plain GET what Redis is expected to have, without a lock and joined by no other caller. Returns too
    /// whether Redis failed: the fill that follows need not ask again.
    /// </summary>
    public async Task<(CacheEntry<T>? Entry, bool HasFailed)> ReadHintedAsync<T>(
        RedisKeyHints.Hint hint, string key, PolicyState policy, IEnumerable<string>? callersTags)
    {
        try
        {
            using var held = Hold(key, policy, callersTags);
            return MayShare(policy) && TrustedRedis is { } trusted
                ? await trusted.ReadHintedAsync<T>(hint, key, policy, held).ConfigureAwait(false)
                : default;
        }
        finally
        {
            hint.EndRead();
        }
    }

    /// <summary>A read in memory has renewed a sliding expiration; Redis follows behind it.</summary>
    public void Renewed(CacheEntry entry)
    {
        if (MayShare(entry.Policy) && TrustedRedis is { } trusted)
            _ = trusted.RenewAsync(entry);
    }

    public void RedisFailed(Exception exception, string operation, string key) =>
        redis?.Failed(exception, operation, key);
}
