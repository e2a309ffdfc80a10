using System.Globalization;

namespace ECommerce.Benchmarks.HitRatio;

/// <summary>The hit ratio of L1: SIEVE, as built in, against LRU, over the same reads.</summary>
internal static class HitRatioTable
{
    private const int Keys = 20_000;

    public static void Run()
    {
        Console.WriteLine("| trace | items | SIEVE | LRU |\n|---|---|---|---|");
        foreach (var items in (int[])[500, 1000, 4000])
        {
            Compare("Zipf 0.9", items, () => Traces.ZipfWithScans(Keys, 0, 0));
            Compare(
                "Zipf 0.9, a scan of twice the cache every 20,000 reads",
                items,
                () => Traces.ZipfWithScans(Keys, 20_000, 2 * items));
            Compare(
                "Zipf 0.9, popularity shifts every 20,000 reads",
                items,
                () => Traces.ShiftingZipf(Keys, 20_000, items / 10));
            Compare("loop a tenth larger than the cache", items, () => Traces.Loop(items * 11 / 10));
        }
    }

    private static void Compare(string trace, int items, Func<IEnumerable<int>> reads)
    {
        var sieve = new SieveCache(items);
        var lru = new LruCache(items);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {trace} | {items} | {Ratio(reads(), sieve.Read):P1} | {Ratio(reads(), lru.Read):P1} |"));
    }

    private static double Ratio(IEnumerable<int> reads, Func<int, bool> read)
    {
        var (hits, all) = (0, 0);
        foreach (var key in reads)
        {
            hits += read(key) ? 1 : 0;
            all++;
        }
        return hits / (double)all;
    }
}
