using System.Diagnostics.CodeAnalysis;

namespace ECommerce.Benchmarks.HitRatio;

/// <summary>Sequences of reads, the same on every run.</summary>
[SuppressMessage("Security", "CA5394", Justification = "Reproducible on purpose.")]
internal static class Traces
{
    private const int Seed = 20260;
    private const int Reads = 1_000_000;

    /// <summary>
    /// Few keys are read often (Zipf 0.9); now and then an export reads each key of a range once.
    /// </summary>
    public static IEnumerable<int> ZipfWithScans(int keys, int scanEvery, int scanLength)
    {
        var random = new Random(Seed);
        var zipf = new Zipf(keys, 0.9);
        var scanned = keys;
        for (var i = 0; i < Reads; i++)
        {
            yield return zipf.Next(random);
            if (scanEvery == 0 || i % scanEvery != scanEvery - 1)
                continue;
            for (var end = scanned + scanLength; scanned < end; scanned++)
                yield return scanned;
        }
    }

    /// <summary>Popularity changes: the ranks move on by a tenth of the cache again and again.</summary>
    public static IEnumerable<int> ShiftingZipf(int keys, int shiftEvery, int by)
    {
        var random = new Random(Seed);
        var zipf = new Zipf(keys, 0.9);
        for (var i = 0; i < Reads; i++)
            yield return (zipf.Next(random) + (i / shiftEvery * by)) % (2 * keys);
    }

    /// <summary>A report that reads the same rows again and again, a few more than the cache holds.</summary>
    public static IEnumerable<int> Loop(int length)
    {
        for (var i = 0; i < Reads; i++)
            yield return i % length;
    }

    private sealed class Zipf
    {
        private readonly double[] _upTo;

        public Zipf(int keys, double exponent)
        {
            _upTo = new double[keys];
            var sum = 0.0;
            for (var i = 0; i < keys; i++)
                _upTo[i] = sum += 1 / Math.Pow(i + 1, exponent);
            for (var i = 0; i < keys; i++)
                _upTo[i] /= sum;
        }

        public int Next(Random random)
        {
            var found = Array.BinarySearch(_upTo, random.NextDouble());
            return Math.Min(found < 0 ? ~found : found, _upTo.Length - 1);
        }
    }
}
