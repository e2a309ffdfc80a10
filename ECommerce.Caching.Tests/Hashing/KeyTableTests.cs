using ECommerce.Caching.Hashing;
using ECommerce.Caching.Memory;
using ECommerce.Caching.Policies;

namespace ECommerce.Caching.Tests.Hashing;

public class KeyTableTests
{
    private static readonly PolicyState Policy = new("test", null, TimeSpan.FromHours(1), TimeSpan.Zero, false, 0, []);

    [Fact]
    public void Every_entry_of_a_crowded_table_is_found_by_its_key_alone()
    {
        var table = new KeyTable<CacheEntry>(share: 2);
        var entries = Enumerable.Range(0, 500).Select(Entry).ToArray();
        // The table does not grow during an enumeration, so the chains become long.
        using (var enumeration = table.Items.GetEnumerator())
        {
            enumeration.MoveNext();
            foreach (var entry in entries)
                table.Add(entry);
            Assert.All(entries, entry => Assert.Same(entry, table.Find(new string(entry.Key))));
        }
        Assert.Null(table.Find("product:acme:500"));
        Assert.Equal(500, table.Count);
        Assert.Equal(entries.ToHashSet(), table.Items.ToHashSet());
    }

    [Fact]
    public void Removing_an_entry_removes_no_other()
    {
        var table = new KeyTable<CacheEntry>(share: 2);
        var entries = Enumerable.Range(0, 500).Select(Entry).ToArray();
        foreach (var entry in entries)
            table.Add(entry);

        foreach (var entry in entries.Where((_, i) => i % 3 == 0))
            Assert.True(table.Remove(entry));

        Assert.False(table.Remove(entries[0]));
        Assert.All(entries.Index(),
            pair => Assert.Same(pair.Index % 3 == 0 ? null : pair.Item, table.Find(pair.Item.Key)));
        Assert.Equal(333, table.Count);
    }

    [Fact]
    public void The_later_of_two_entries_with_one_key_is_found()
    {
        var table = new KeyTable<CacheEntry>(share: 2);
        var (earlier, later) = (Entry(1), Entry(1));
        table.Add(earlier);
        table.Add(later);

        Assert.Same(later, table.Find(later.Key));
        // Also when it has grown.
        foreach (var entry in Enumerable.Range(100, 500).Select(Entry))
            table.Add(entry);
        Assert.Same(later, table.Find(later.Key));
        Assert.True(table.Remove(earlier));
        Assert.Same(later, table.Find(later.Key));
    }

    [Fact]
    public async Task Readers_always_find_what_stays_while_others_come_and_go()
    {
        var table = new KeyTable<CacheEntry>(share: 2);
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

    [Fact]
    public async Task Readers_always_find_what_stays_while_the_table_grows()
    {
        var staying = Enumerable.Range(0, 8).Select(Entry).ToArray();
        var table = Filled();
        using var over = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var rounds = 0;
            for (; !over.IsCancellationRequested || rounds == 0; rounds++)
            {
                var now = Volatile.Read(ref table);
                Assert.All(staying, entry => Assert.NotNull(now.Find(entry.Key)));
            }
            return rounds;
        })).ToArray();

        for (var round = 0; round < 200; round++)
        {
            // New links for the same keys: an entry is put in once.
            Volatile.Write(ref table, Filled());
            foreach (var entry in Enumerable.Range(1000, 4000).Select(Entry))
                table.Add(entry);
        }
        await over.CancelAsync();

        Assert.All(await Task.WhenAll(readers), rounds => Assert.True(rounds > 0));

        static KeyTable<CacheEntry> Filled()
        {
            var table = new KeyTable<CacheEntry>(share: 2);
            foreach (var entry in Enumerable.Range(0, 8).Select(Entry))
                table.Add(entry);
            return table;
        }
    }

    [Fact]
    public void Going_through_a_table_to_which_much_is_added_leaves_nothing_out()
    {
        var table = new KeyTable<CacheEntry>(share: 2);
        var staying = Enumerable.Range(0, 100).Select(Entry).ToHashSet();
        foreach (var entry in staying)
            table.Add(entry);

        var seen = new HashSet<CacheEntry>();
        foreach (var entry in table.Items)
        {
            if (seen.Count < 50)
                table.Add(Entry(1000 + seen.Count));
            seen.Add(entry);
        }

        Assert.Superset(staying, seen);
    }

    private static CacheEntry Entry(int id) => new CacheEntry<int>(id, $"product:acme:{id}", Policy, [], 0, 0, 0, 0, 1);
}
