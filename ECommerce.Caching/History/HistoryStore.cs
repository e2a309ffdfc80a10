using ECommerce.Caching.Diagnostics;
using ECommerce.Caching.Redis;
using StackExchange.Redis;

namespace ECommerce.Caching.History;

/// <summary>
/// Minutes as records in one list of Redis for each hour, which expires by itself. This node's own are in its memory
/// too: what Redis does not receive is sent later, and without Redis they are the history.
/// </summary>
/// <remarks>A record that was sent twice is read once: it has a number of its own.</remarks>
internal sealed class HistoryStore(
    TimeProvider time, CacheLog log, IConnectionMultiplexer? redis = null, RedisNames? names = null,
    RedisCircuit? circuit = null)
{
    /// <summary>How many records a list has at most: of fifty nodes in an hour.</summary>
    internal const int MaxRecordsAnHour = 3000;

    // The last node to write to the list of an hour may do so an hour after its end.
    private static readonly TimeSpan Lifetime = ICacheHistory.Reach + TimeSpan.FromHours(2);

    private readonly Lock _lock = new();
    private readonly Queue<Record> _own = [];
    private readonly FailureLog _failures = new(log, "The history of the cache");

    /// <summary>Keeps a minute of this node, and sends to Redis what that does not have yet.</summary>
    public async Task AddAsync(CacheMinute minute)
    {
        lock (_lock)
        {
            _own.Enqueue(new Record(minute.At, MinuteCodec.Write(minute)));
            var oldest = time.GetUtcNow() - ICacheHistory.Reach;
            while (_own.Peek().At < oldest)
                _own.Dequeue();
        }
        if (redis is not null && circuit is not null && names is not null)
            await SendAsync(redis.GetDatabase(), circuit, names).ConfigureAwait(false);
    }

    /// <summary>The minutes that begin in a time, and whether Redis has sent those of the others.</summary>
    public async Task<CacheHistory> ReadAsync(
        DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var records = new HashSet<string>(StringComparer.Ordinal);
        lock (_lock)
            records.UnionWith(_own.Where(one => from <= one.At && one.At < until).Select(static one => one.Text));
        var areOthersKnown = true;
        try
        {
            if (redis is not null && circuit is not null && names is not null)
            {
                for (var hour = Hour(from); hour <= Hour(until); hour++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    records.UnionWith(await circuit.AsideAsync(
                        static async s => (string[])(await s.db.ListRangeAsync(s.key).ConfigureAwait(false))
                            .ToStringArray()!,
                        (db: redis.GetDatabase(), key: (RedisKey)names.History(hour))).ConfigureAwait(false));
                }
            }
        }
        catch (Exception exception) when (RedisFailure.Is(exception) && !cancellationToken.IsCancellationRequested)
        {
            areOthersKnown = false;
        }
        return new CacheHistory(
            [
                .. records.Select(MinuteCodec.Read).OfType<CacheMinute>()
                    .Where(minute => from <= minute.At && minute.At < until),
            ],
            areOthersKnown);
    }

    private async Task SendAsync(IDatabase db, RedisCircuit breaker, RedisNames keys)
    {
        Record[] waiting;
        lock (_lock)
            waiting = [.. _own.Where(static one => !one.IsSent)];
        try
        {
            foreach (var record in waiting)
            {
                _ = await breaker.AsideAsync(
                    static async s =>
                    {
                        await Task.WhenAll(
                            s.db.ListRightPushAsync(s.key, s.record.Text),
                            s.db.ListTrimAsync(s.key, -MaxRecordsAnHour, -1),
                            s.db.KeyExpireAsync(s.key, Lifetime)).ConfigureAwait(false);
                        return true;
                    },
                    (db, key: (RedisKey)keys.History(Hour(record.At)), record)).ConfigureAwait(false);
                record.IsSent = true;
            }
        }
        catch (Exception exception) when (RedisFailure.Is(exception))
        {
            // The next minute sends it once more.
        }
        catch (Exception exception)
        {
            _failures.Report(exception);
        }
    }

    private static long Hour(DateTimeOffset moment) => moment.ToUnixTimeSeconds() / 3600;

    private sealed class Record(DateTimeOffset at, string text)
    {
        public DateTimeOffset At => at;

        public string Text => text;

        public bool IsSent { get; set; }
    }
}
