using System.Diagnostics;
using StackExchange.Redis;

namespace ECommerce.Benchmarks.Table;

/// <summary>
/// Invalidations: their cost by the number of entries, and the time until another node has applied them.
/// </summary>
internal static class InvalidationRows
{
    private const int Entries = 100_000;
    private const int Operations = 200;
    private static readonly RedisChannel BareChannel = RedisChannel.Literal("benchmark");

    public static async IAsyncEnumerable<Row> RunAsync(string redis)
    {
        await using var one = await Node.StartAsync(
            redis, ("CACHE_MAX_MEM_ITEMS", $"{2 * Entries}"), ("CACHE_MAX_MEM_BYTES", $"{1L << 30}"));
        yield return await PatternAsync(one);
        yield return await ManyTagsAsync(one);
        await using var other = await Node.StartAsync(redis);
        yield return await SpreadAsync(one, other);
    }

    private static async Task<Row> PatternAsync(Node node)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 64 };
        await Parallel.ForAsync(0, Entries, parallel, async (i, ct) => await node.Cache.GetOrCreateAsync(
            SampleKeys.Create(i),
            i,
            static (i, _) => new ValueTask<Sample>(new Sample(i, "Lampada", 89.90m)),
            Node.Product.Options,
            cancellationToken: ct));
        string[] pattern = [Node.Product.All(SampleKeys.Tenant)];
        var result = await Comparison.MeasureAsync(
            async _ => await node.Invalidator.InvalidateAsync(pattern),
            async i => await node.Invalidator.InvalidateAsync([SampleKeys.Create(i)]),
            Operations);
        return new Row(
            $"invalidate a pattern that covers {Entries:N0} entries",
            1.2,
            result.Ratio,
            Row.Microseconds(result.Ours),
            $"one key {Row.Microseconds(result.Reference)}");
    }

    private static async Task<Row> ManyTagsAsync(Node node)
    {
        const int Tags = 100;
        string[] many = [.. Enumerable.Range(0, Tags).Select(i => Node.Product.Key("many", i))];
        var result = await Comparison.MeasureAsync(
            async _ => await node.Cache.RemoveByTagAsync(many),
            async i => await node.Cache.RemoveByTagAsync(many[i % Tags]),
            Operations);
        return new Row(
            $"RemoveByTagAsync of {Tags} tags", 2, result.Ratio, Row.Microseconds(result.Ours),
            $"one tag {Row.Microseconds(result.Reference)}");
    }

    /// <summary>
    /// From the commit on one node to the drop on another. A polling thread observes both sides, so both bear its cost.
    /// </summary>
    private static async Task<Row> SpreadAsync(Node one, Node other)
    {
        string[] tags = [Node.Product.Key("spread", 1)];
        var state = other.Tags.Acquire(tags[0]);
        var received = 0L;
        await other.Redis.GetSubscriber().SubscribeAsync(BareChannel, (_, _) => Interlocked.Increment(ref received));
        var publisher = one.Redis.GetSubscriber();
        var result = await Comparison.MeasureTimedAsync(
            () => UntilChangedAsync(() => state.DroppedAt, async () => await one.Invalidator.InvalidateAsync(tags)),
            () => UntilChangedAsync(
                () => Interlocked.Read(ref received), () => publisher.PublishAsync(BareChannel, "message")),
            4 * Operations,
            quantile: 0.99);
        state.Release();
        return new Row(
            "commit on A until applied on B, p99",
            2.5,
            result.Ratio,
            Row.Microseconds(result.Ours),
            $"publish to handler, p99 {Row.Microseconds(result.Reference)}");
    }

    private static async Task<double> UntilChangedAsync(Func<long> value, Func<Task> change)
    {
        var before = value();
        var started = Stopwatch.GetTimestamp();
        var watching = Task.Run(() =>
        {
            while (value() == before)
                Thread.Yield();
            return Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        });
        await change();
        return await watching;
    }
}
