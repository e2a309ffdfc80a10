using ECommerce.Caching.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace ECommerce.Caching.Tests.Diagnostics;

public class KeyReadsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Most_read_keys_are_found_among_many_that_are_read_once()
    {
        var reads = new KeyReads(_time);
        for (var i = 0; i < 20 * KeyReads.Capacity; i++)
        {
            reads.Count($"once:{i}");
            if (i % 4 == 0)
                reads.Count("often:1");
            if (i % 8 == 0)
                reads.Count("often:2");
        }

        var top = reads.Top(2, static _ => true);

        Assert.Equal(["often:1", "often:2"], top.Select(static key => key.Key));
        // Too low by at most a share of all reads.
        Assert.InRange(top[0].Reads, 5120 - 28, 5120);
    }

    [Fact]
    public void Counts_without_many_keys_are_exact_and_of_the_keys_asked_for()
    {
        var reads = new KeyReads(_time);
        reads.Count("order:acme:1", reads: 3);
        reads.Count("order:globex:1", reads: 9);
        reads.Count("order:acme:2");

        var top = reads.Top(10, static key => key.Contains("acme", StringComparison.Ordinal));

        Assert.Equal([new KeyCount("order:acme:1", 3), new KeyCount("order:acme:2", 1)], top);
    }

    [Fact]
    public void Old_reads_count_less_and_less_and_end()
    {
        var reads = new KeyReads(_time);
        reads.Count("order:acme:1", reads: 8);

        _time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal([new KeyCount("order:acme:1", 2)], reads.Top(10, static _ => true));

        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.Empty(reads.Top(10, static _ => true));
    }
}
