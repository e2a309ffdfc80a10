using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;
using ECommerce.Caching.SingleFlight;
using ECommerce.Caching.Tags;

namespace ECommerce.Caching.Tests.Memory;

public class MemoryLayerTests
{
    private static readonly PolicyState Policy = new("p", null, TimeSpan.FromMinutes(1), TimeSpan.Zero, true, 0, []);

    private static CacheEntry<string> Entry(string key, int size = 100) =>
        new("", key, Policy, [], 0, 0, long.MaxValue, long.MaxValue, size);

    [Fact]
    public void Memory_never_holds_more_items_than_allowed()
    {
        var memory = new MemoryLayer(10, 1_000_000);

        for (var i = 0; i < 1000; i++)
        {
            memory.Add(Entry($"k{i}"));
            Assert.True(memory.Count <= 10);
        }
        Assert.Equal(10 * 100, memory.Bytes);
    }

    [Fact]
    public void Memory_never_holds_more_bytes_than_allowed()
    {
        var memory = new MemoryLayer(1_000_000, 10_000);
        var random = new Random(1);

        for (var i = 0; i < 5000; i++)
        {
            memory.Add(Entry($"k{random.Next(300)}", random.Next(1, 1250)));
            Assert.True(memory.Bytes <= 10_000);
        }
    }

    [Fact]
    public void An_entry_larger_than_an_eighth_is_not_kept()
    {
        var memory = new MemoryLayer(10, 800);

        Assert.True(memory.Add(Entry("fits", 100)));
        Assert.False(memory.Add(Entry("large", 101)));
        Assert.Null(memory.Find("large"));
    }

    [Fact]
    public void A_scan_does_not_drive_out_what_is_read_again()
    {
        var memory = new MemoryLayer(100, 1_000_000);
        for (var i = 0; i < 50; i++)
            memory.Add(Entry($"hot{i}"));

        for (var i = 0; i < 5000; i++)
        {
            memory.Find($"hot{i % 50}");
            memory.Add(Entry($"scan{i}"));
        }

        Assert.All(Enumerable.Range(0, 50), i => Assert.NotNull(memory.Find($"hot{i}")));
    }

    [Fact]
    public void A_new_entry_stays_though_all_others_were_read_since()
    {
        var memory = new MemoryLayer(3, 1_000_000);
        for (var i = 0; i < 3; i++)
        {
            memory.Add(Entry($"k{i}"));
            memory.Find($"k{i}");
        }

        memory.Add(Entry("new"));

        Assert.Equal(3, memory.Count);
        Assert.NotNull(memory.Find("new"));
    }

    [Fact]
    public void Replacing_an_entry_counts_it_once()
    {
        var memory = new MemoryLayer(10, 10_000);

        memory.Add(Entry("k", 100));
        memory.Add(Entry("k", 300));

        Assert.Equal(1, memory.Count);
        Assert.Equal(300, memory.Bytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_an_entry_is_counted_with_is_what_it_takes(bool sameNumber)
    {
        const int Buckets = 32;
        const int Tags = 4;
        var tags = new TagTable();
        Span<TagStamp> held = [.. Enumerable.Range(1, Tags)
            .Select(i => new TagStamp(tags.Acquire($"t{i}"), sameNumber ? 1 : i))];
        _ = Taken(held);

        var (taken, counted) = Taken(held);

        Assert.InRange(taken + Buckets, counted - 32, counted + 32);

        (long Taken, long Counted) Taken(ReadOnlySpan<TagStamp> held)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var key = new string('k', 20);
            var own = new TagState(key, tags);
            var stamps = TagStamps.Create(held);
            var value = new byte[100];
            var entry = new CacheEntry<byte[]>(value, key, Policy, stamps, 0, 0, 0, 0, 1);
            var taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Equal((own.Name, Tags), (entry.Key, stamps.Count));
            return (taken, value.Length + MemoryEntryStore.EntryOverhead + (2 * key.Length) + stamps.Size);
        }
    }

    [Fact]
    public void Tags_are_forgotten_when_nothing_carries_them()
    {
        var tags = new TagTable();
        var memory = new MemoryLayer(10, 10_000);
        var held = new TagSet(tags);
        held.Add("t");
        var entry = new CacheEntry<string>("", "k", Policy, held.HandOver(), 0, 0, long.MaxValue, long.MaxValue, 10);
        memory.Add(entry);
        held.Dispose();

        var others = tags.Count - 1;
        tags.Collect(long.MaxValue, oldestEntry: 0);
        Assert.Equal(others + 1, tags.Count);

        memory.Remove(entry);
        tags.Collect(long.MaxValue, oldestEntry: 0);
        Assert.Equal(others, tags.Count);
    }

    [Fact]
    public void A_received_invalidation_is_remembered_while_entries_in_redis_may_be_older()
    {
        var tags = new TagTable();
        tags.Drop("received", 500);
        var others = tags.Count - 1;

        tags.Collect(long.MaxValue, oldestEntry: 499);
        Assert.Equal(others + 1, tags.Count);

        tags.Collect(long.MaxValue, oldestEntry: 500);
        Assert.Equal(others, tags.Count);
        Assert.Equal(500, tags.Forgotten);
    }
}
