using System.Collections.Concurrent;
using ECommerce.Caching.Serialization;
using Microsoft.Extensions.Logging;

namespace ECommerce.Caching.Diagnostics;

/// <summary>The log lines of the cache, with stable event names.</summary>
internal sealed partial class CacheLog(ILogger logger)
{
    private readonly ConcurrentDictionary<Type, bool> _copiesLogged = new();
    private readonly ConcurrentDictionary<Type, bool> _lossesLogged = new();
    private int _unusableKeyLogged;
    private int _foreignKeyLogged;
    private int _tooManyTagsLogged;
    private int _faultsLogged;
    private volatile bool _logsHits = logger.IsEnabled(LogLevel.Debug);

    /// <summary>
    /// Whether hits are logged, as of the last <see cref="LookAtLevel"/>: asking every time would cost as much as the
    /// hit.
    /// </summary>
    public bool LogsHits => _logsHits;

    /// <summary>Levels may be changed at run time; called at intervals.</summary>
    public void LookAtLevel() => _logsHits = logger.IsEnabled(LogLevel.Debug);

    [LoggerMessage(1, LogLevel.Debug, "cache_hit {Key} in {Layer}, {TtlRemaining} s left", EventName = "cache_hit")]
    public partial void Hit(string key, string layer, long ttlRemaining);

    [LoggerMessage(2, LogLevel.Debug, "cache_miss {Key}", EventName = "cache_miss")]
    public partial void Miss(string key);

    [LoggerMessage(3, LogLevel.Debug, "cache_set {Key}, {Bytes} bytes in {Layer}", EventName = "cache_set")]
    public partial void Set(string key, int bytes, string layer);

    public void Invalidated(IEnumerable<string> tags, long version)
    {
        if (logger.IsEnabled(LogLevel.Debug))
            Invalidated(string.Join(' ', tags), version);
    }

    [LoggerMessage(4, LogLevel.Debug, "cache_invalidate {Tags} as {Version}", EventName = "cache_invalidate")]
    private partial void Invalidated(string tags, long version);

    [LoggerMessage(
        5, LogLevel.Warning, "cache_error: Redis {Operation} failed for {Key}; continuing without Redis",
        EventName = "cache_error")]
    public partial void RedisFailed(Exception exception, string operation, string key);

    [LoggerMessage(
        6, LogLevel.Warning,
        "The entry of {Key} in Redis is unusable ({Fault}) and reads as a miss. Logged once per kind; "
        + "cache_error_total counts all.", EventName = "cache_malformed")]
    private partial void Unusable(EntryFault fault, string key);

    [LoggerMessage(
        7, LogLevel.Warning,
        "Invalidation of {Tags} is applied on this node and pending for the others: Redis is not available",
        EventName = "cache_invalidate_deferred")]
    public partial void Deferred(string tags);

    [LoggerMessage(
        8, LogLevel.Information, "{Count} pending invalidations were applied in Redis",
        EventName = "cache_invalidate_replayed")]
    public partial void Replayed(int count);

    [LoggerMessage(
        9, LogLevel.Warning,
        "Redis lost writes (its sequence is {Sequence}, this node has seen {LastSeen}): its entries are not "
        + "trusted any more", EventName = "cache_generation")]
    public partial void RedisForgot(long sequence, long lastSeen);

    [LoggerMessage(
        10, LogLevel.Warning, "The backplane is lost: L1 serves an entry for two seconds until it is restored",
        EventName = "backplane_lost")]
    public partial void BackplaneLost();

    [LoggerMessage(
        11, LogLevel.Information, "The backplane is restored: L1 was dropped, because messages may have been missed",
        EventName = "backplane_restored")]
    public partial void BackplaneRestored();

    [LoggerMessage(
        12, LogLevel.Information,
        "Policies with personal data stay out of Redis, because CACHE_ENCRYPTION_KEY is not set: {Patterns}",
        EventName = "cache_sensitive")]
    public partial void SensitiveStaysInMemory(string patterns);

    [LoggerMessage(
        13, LogLevel.Warning,
        "A cache key is empty, longer than {Maximum} characters or has characters that cannot be keys: it is not "
        + "cached. Logged once.", EventName = "cache_key")]
    private partial void UnusableKey(int maximum);

    [LoggerMessage(
        31, LogLevel.Warning,
        "Key {Key} does not match the pattern of the policy it is read with, so it would lack the tags of its tenant: "
        + "it is not cached. Logged once.", EventName = "cache_foreign_key")]
    private partial void ForeignKey(string key);

    [LoggerMessage(
        32, LogLevel.Warning,
        "The factory of {Key} has not ended within {Seconds} s: its token is cancelled, and a successor runs for the "
        + "callers that wait", EventName = "cache_overdue")]
    public partial void Overdue(string key, double seconds);

    [LoggerMessage(
        14, LogLevel.Information,
        "Values of type {Type} can be changed, at {Member}: each caller gets a copy, which costs a deserialisation "
        + "per hit. Logged once.", EventName = "cache_copies")]
    private partial void Copied(string type, string member);

    public void UnusableOnce(EntryFault fault, string key)
    {
        var bit = 1 << (int)fault;
        if ((Interlocked.Or(ref _faultsLogged, bit) & bit) == 0)
            Unusable(fault, key);
    }

    [LoggerMessage(
        50, LogLevel.Warning,
        "Serialising values of type {Type} would lose {Member}: they {Consequence}. Logged once.",
        EventName = "cache_not_serialisable")]
    private partial void Loss(Exception? exception, string type, string member, string consequence);

    public void LossOnce(Type type, SerializationLoss loss, bool isStored)
    {
        if (_lossesLogged.TryAdd(type, true))
        {
            Loss(loss.Exception, TypeShape.NameOf(type), loss.Member, isStored
                ? "stay in the memory of the process" : "can be changed and not be copied, so they are not cached");
        }
    }

    public void CopiedOnce(Type type, string member)
    {
        if (_copiesLogged.TryAdd(type, true))
            Copied(type.Name, member);
    }

    [LoggerMessage(
        30, LogLevel.Warning, "cache_refresh of {Key} failed; the stale value is served until it expires",
        EventName = "cache_refresh_failed")]
    public partial void RefreshFailed(Exception exception, string key);

    [LoggerMessage(15, LogLevel.Debug, "cache_evict {Key} from {Layer}: {Reason}", EventName = "cache_evict")]
    public partial void Evicted(string key, string layer, string reason);

    [LoggerMessage(
        16, LogLevel.Debug, "cache_stale {Key} in {Layer}, {TtlRemaining} s left", EventName = "cache_stale")]
    public partial void Stale(string key, string layer, long ttlRemaining);

    [LoggerMessage(17, LogLevel.Warning, "The circuit to {Dependency} is open: {Reason}", EventName = "circuit_open")]
    public partial void CircuitOpen(string dependency, string reason);

    [LoggerMessage(
        18, LogLevel.Information, "The circuit to {Dependency} lets one call through", EventName = "circuit_half_open")]
    public partial void CircuitHalfOpen(string dependency);

    [LoggerMessage(
        19, LogLevel.Information, "The circuit to {Dependency} is closed again", EventName = "circuit_closed")]
    public partial void CircuitClosed(string dependency);

    [LoggerMessage(
        22, LogLevel.Warning,
        "Redis lost data, and the invalidations of the last minutes cannot be read to be applied again. Retrying; "
        + "logged once", EventName = "cache_invalidate_not_replayed")]
    public partial void NotReplayed(Exception exception);

    [LoggerMessage(
        23, LogLevel.Warning, "The cache flags could not be read; they stay as they are", EventName = "cache_flags")]
    public partial void FlagsNotRead(Exception exception);

    [LoggerMessage(
        24, LogLevel.Warning,
        "Redis evicts keys of any kind when its memory is full (maxmemory-policy is {Policy}), those that keep the "
        + "cache coherent included: set noeviction or a volatile policy", EventName = "cache_configuration")]
    public partial void EvictsAnyKey(string policy);

    [LoggerMessage(20, LogLevel.Debug, "lock_acquired {Key}", EventName = "lock_acquired")]
    public partial void LockAcquired(string key);

    [LoggerMessage(21, LogLevel.Warning, "lock_lost {Key}", EventName = "lock_lost")]
    public partial void LockLost(string key);

    [LoggerMessage(
        25, LogLevel.Debug,
        "Cannot announce this node as partitioned ({Reason}); L1 is disabled until it succeeds. Logged once until "
        + "then.", EventName = "partition_not_announced")]
    public partial void PartitionNotAnnounced(string reason);

    [LoggerMessage(
        26, LogLevel.Warning,
        "{Key} is not cached: it has {Count} tags, the maximum is {Maximum}; use a coarser tag. Logged once",
        EventName = "cache_too_many_tags")]
    private partial void TooManyTags(string key, int count, int maximum);

    [LoggerMessage(
        40, LogLevel.Error,
        "Redis refuses ({Kind}): {Reply}. Until it accepts, L1 serves an entry for two seconds and Redis is not used. "
        + "Logged once per kind.", EventName = "redis_refuses")]
    public partial void RedisRefuses(string kind, string reply);

    [LoggerMessage(41, LogLevel.Information, "Redis accepts again ({Kind})", EventName = "redis_accepts")]
    public partial void RedisAccepts(string kind);

    [LoggerMessage(
        42, LogLevel.Warning,
        "A message of the backplane cannot be one of ours (version {Version}, tags {Tags}): L1 was dropped",
        EventName = "backplane_foreign")]
    public partial void ForeignMessage(long version, string tags);

    [LoggerMessage(
        43, LogLevel.Error, "{Loop} failed and continues; logged once per kind of exception",
        EventName = "cache_loop_failed")]
    public partial void LoopFailed(Exception exception, string loop);

    [LoggerMessage(44, LogLevel.Critical, "{Line}", EventName = "redis_rights")]
    public partial void RightsMissing(string line);

    public void TooManyTagsOnce(string key, int count)
    {
        if (Interlocked.Exchange(ref _tooManyTagsLogged, 1) == 0)
            TooManyTags(key, count, CacheTags.MaximumPerEntry);
    }

    public void UnusableKeyOnce(int maximum)
    {
        if (Interlocked.Exchange(ref _unusableKeyLogged, 1) == 0)
            UnusableKey(maximum);
    }

    public void ForeignKeyOnce(string key)
    {
        if (Interlocked.Exchange(ref _foreignKeyLogged, 1) == 0)
            ForeignKey(key);
    }
}
