using ECommerce.Caching;

namespace ECommerce.Api.Tests.Caching;

public class KeyTableTests
{
    private static readonly PolicyState Policy = new("test", null, TimeSpan.FromHours(1), TimeSpan.Zero, false, 0, []);

    [Fact]
    public void Every_entry_of_a_crowded_table_is_found_by_its_key_alone()
    {
        // Far more than it was made for, so that chains are long.
        var table = new KeyTable(1);
        var entries = Enumerable.Range(0, 500).Select(Entry).ToArray();
        foreach (var entry in entries)
            table.Add(entry);

        Assert.All(entries, entry => Assert.Same(entry, table.Find(new string(entry.Key))));
        Assert.Null(table.Find("product:acme:500"));
        Assert.Equal(500, table.Count);
        Assert.Equal(entries.ToHashSet(), table.Entries.ToHashSet());
    }

    [Fact]
    public void What_is_taken_out_is_gone_and_nothing_else_is()
    {
        var table = new KeyTable(1);
        var entries = Enumerable.Range(0, 500).Select(Entry).ToArray();
        foreach (var entry in entries)
            table.Add(entry);

        foreach (var entry in entries.Where((_, i) => i % 3 == 0))
            Assert.True(table.Remove(entry));

        Assert.False(table.Remove(entries[0]));
        Assert.All(entries.Index(), pair => Assert.Same(pair.Index % 3 == 0 ? null : pair.Item, table.Find(pair.Item.Key)));
        Assert.Equal(333, table.Count);
    }

    [Fact]
    public void Of_two_entries_with_one_key_the_later_one_is_found()
    {
        var table = new KeyTable(10);
        var (earlier, later) = (Entry(1), Entry(1));
        table.Add(earlier);
        table.Add(later);

        Assert.Same(later, table.Find(later.Key));
        Assert.True(table.Remove(earlier));
        Assert.Same(later, table.Find(later.Key));
    }

    [Fact]
    public async Task Readers_always_find_what_stays_while_others_come_and_go()
    {
        var table = new KeyTable(1);
        var staying = Enumerable.Range(0, 50).Select(Entry).ToArray();
        foreach (var entry in staying)
            table.Add(entry);
        using var over = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var rounds = 0;
            for (; !over.IsCancellationRequested || rounds == 0; rounds++)
                Assert.All(staying, entry => Assert.Same(entry, table.Find(entry.Key)));
            return rounds;
        })).ToArray();

        for (var round = 0; round < 2000; round++)
        {
            var passing = Enumerable.Range(1000, 20).Select(Entry).ToArray();
            foreach (var entry in passing)
                table.Add(entry);
            foreach (var entry in passing)
                table.Remove(entry);
        }
        await over.CancelAsync();

        Assert.All(await Task.WhenAll(readers), rounds => Assert.True(rounds > 0));
        Assert.Equal(50, table.Count);
    }

    private static CacheEntry Entry(int id) => new CacheEntry<int>(id, $"product:acme:{id}", Policy, [], 0, 0, 0, 0, 1);
}
