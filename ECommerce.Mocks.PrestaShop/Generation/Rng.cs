namespace ECommerce.Mocks.PrestaShop.Generation;

/// <summary>SplitMix64: the same numbers on every machine and runtime, which System.Random does not promise.</summary>
internal sealed class Rng(ulong state)
{
    /// <summary>
    /// A stream of its own for each row, so that another size of one table leaves the others as they are.
    /// </summary>
    public static Rng For(int seed, string stream, int id)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in stream)
            hash = (hash ^ letter) * 1099511628211UL;
        var rng = new Rng(hash ^ ((ulong)(uint)seed << 32) ^ (uint)id);
        rng.Next();
        return rng;
    }

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15UL;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>From <paramref name="low"/> up to, not including, <paramref name="high"/>.</summary>
    public int Between(int low, int high) => low + (int)(Next() % (ulong)Math.Max(1, high - low));

    public bool Chance(int percent) => Between(0, 100) < percent;

    public T Pick<T>(IReadOnlyList<T> list) => list[Between(0, list.Count)];

    public string Hex(int length) => Letters(length, "0123456789abcdef");

    public string Letters(int length, string alphabet) =>
        string.Create(length, (this, alphabet), static (text, state) =>
        {
            for (var i = 0; i < text.Length; i++)
                text[i] = state.alphabet[state.Item1.Between(0, state.alphabet.Length)];
        });

    public TimeSpan Time(double fromDays, double toDays) =>
        TimeSpan.FromSeconds(Between((int)(fromDays * 86400), (int)(toDays * 86400)));
}
