using System.Collections.Concurrent;
using ECommerce.Caching.Diagnostics;

namespace ECommerce.Caching.Redis;

/// <summary>
/// The error replies of a Redis that responds and refuses: memory full (OOM), read-only, no rights (NOPERM), no
/// snapshots (MISCONF), loading, a Cluster that is down. The first of each kind is logged, and shown by the health
/// check until Redis accepts again.
/// </summary>
internal sealed class RedisRefusals(CacheLog log, TimeProvider time)
{
    // A right may be missing for one kind of key only, which no heartbeat touches.
    private static readonly TimeSpan ShownFor = TimeSpan.FromMinutes(1);
    private const int MaxLength = 300;

    private readonly ConcurrentDictionary<string, (string Text, long LastAt)> _present = new(StringComparer.Ordinal);

    /// <summary>Raised when a Redis that refused accepts again.</summary>
    public event Action? Ended;

    /// <summary>The first reply of each kind, each beginning with its kind.</summary>
    public IReadOnlyList<string> Present =>
        [.. _present.Values.Select(static reply => reply.Text).Order(StringComparer.Ordinal)];

    /// <summary>Notes a failure, if Redis replied. Another type under a key is nothing that Redis refuses.</summary>
    public void Report(Exception exception)
    {
        if (RedisFailure.Refusal(exception) is not var (kind, reply) || RedisFailure.IsOtherType(exception))
            return;
        var text = reply.StartsWith(kind, StringComparison.Ordinal) ? reply : $"{kind}: {reply}";
        if (text.Length > MaxLength)
            text = text[..MaxLength];
        if (_present.TryAdd(kind, (text, time.GetTimestamp())))
            log.RedisRefuses(kind, text);
        else if (_present.TryGetValue(kind, out var known))
            _present[kind] = known with { LastAt = time.GetTimestamp() };
    }

    /// <summary>A heartbeat was accepted: it proves that Redis accepts what an invalidation needs.</summary>
    public void Accepted()
    {
        if (_present.IsEmpty)
            return;
        foreach (var (kind, (_, lastAt)) in _present)
        {
            if (kind == RedisFailure.NoPermission && time.GetElapsedTime(lastAt) < ShownFor)
                continue;
            if (_present.TryRemove(kind, out _))
                log.RedisAccepts(kind);
        }
        if (_present.IsEmpty)
            Ended?.Invoke();
    }
}
