using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.Tags;

namespace ECommerce.Caching.Tests.Memory;

/// <summary>
/// Memory under load: a hundred thousand entries, or with <c>ECOMMERCE_TESTS=full</c> a million, from several threads.
/// </summary>
public class MemoryLayerSoakTests
{
    private const long Bytes = 4 * 1024 * 1024;
    private const int LargestEntry = 4096;
    private const int Threads = 4;

    private static readonly PolicyState Policy = new("p", null, TimeSpan.FromMinutes(1), TimeSpan.Zero, true, 0, []);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(1000)]
    public async Task Memory_stays_within_its_bounds(int items)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var entries = TestScale.IsFull ? 1_000_000 : 100_000;
        var memory = new MemoryLayer(items, Bytes);
        var tags = new TagTable();
        var watched = tags.Count;
        var evicted = 0;
        memory.Evicted = _ => Interlocked.Increment(ref evicted);

        await Task.WhenAll(
            Enumerable.Range(0, Threads)
            .Select(thread => Task.Run(() => Load(new Random(seed + thread)), TestContext.Current.CancellationToken)))
            .WaitAsync(Patience, TestContext.Current.CancellationToken);

        var left = memory.Entries.ToArray();
        Assert.True(memory.Bytes <= Bytes, $"seed {seed}: {memory.Bytes} bytes");
        Assert.True(memory.Bytes == left.Sum(entry => (long)entry.Size),
            $"seed {seed}: it counts {memory.Bytes} bytes and has {left.Sum(entry => (long)entry.Size)}");
        Assert.True(left.Length <= items && left.Length == memory.Count, $"seed {seed}: {left.Length} entries");
        Assert.True(memory.Bytes > Bytes / 2 || left.Length > items / 2,
            $"seed {seed}: {memory.Bytes} bytes in {left.Length} entries are too few");
        Assert.True(evicted > entries / 4, $"seed {seed}: {evicted} evicted");

        memory.RemoveWhere(static _ => true);
        tags.Collect(long.MaxValue, oldestEntry: 0);
        Assert.Equal((0, 0L), (memory.Count, memory.Bytes));
        Assert.Equal(watched, tags.Count);

        void Load(Random random)
        {
            for (var i = 0; i < entries / Threads; i++)
            {
                // Few enough keys that entries are replaced, and that the threads meet.
                var key = $"k{random.Next(entries / 2)}";
                using var held = new TagSet(tags);
                held.Add($"t{random.Next(500)}");
                memory.Add(new CacheEntry<string>(
                    "", key, Policy, held.HandOver(), 0, 0, long.MaxValue, long.MaxValue,
                    random.Next(64, LargestEntry)));
                if (memory.Find($"k{random.Next(entries / 50)}") is { } found && random.Next(20) == 0)
                    memory.Remove(found);
                // Looked at from outside, an entry may just have come and its victim not have left yet.
                Assert.True(memory.Bytes <= Bytes + LargestEntry, $"seed {seed}: {memory.Bytes} bytes");
            }
        }
    }
}
