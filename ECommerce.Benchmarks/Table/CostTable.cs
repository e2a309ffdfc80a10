using ECommerce.TestSupport;

namespace ECommerce.Benchmarks.Table;

/// <summary>The rows of the table of costs in one run. The exit code is 1 if a row misses its target.</summary>
internal static class CostTable
{
    public static async Task<int> RunAsync(string[] parts)
    {
        await using var redis = await LocalRedis.StartNewAsync();
        var rows = new List<Row>();
        Console.WriteLine(Row.Head);
        await AddAsync("memory", () => MemoryRows.RunAsync(redis.ConnectionString));
        await AddAsync("redis", () => RedisRows.RunAsync(redis.ConnectionString));
        await AddAsync("invalidation", () => InvalidationRows.RunAsync(redis.ConnectionString));
        await AddAsync("messages", MessageRows.RunAsync);
        await AddAsync("write", () => WriteRows.RunAsync(redis.ConnectionString));
        return rows.TrueForAll(row => row.Holds) ? 0 : 1;

        async Task AddAsync(string part, Func<IAsyncEnumerable<Row>> run)
        {
            if (parts.Length > 0 && !parts.Contains(part))
                return;
            await foreach (var row in run())
            {
                rows.Add(row);
                Console.WriteLine(row);
            }
        }
    }
}
