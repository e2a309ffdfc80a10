namespace ECommerce.Features.Common.Caching;

/// <summary>
/// The hashes of the query strings that clients send again and again to one endpoint: parsing a query and computing its
/// HMAC costs more than the rest of a warm response. A hash tells nothing of the tenant; the key does.
/// </summary>
/// <remarks>
/// Bounded: <see cref="Capacity"/> texts of at most <see cref="MaxLength"/> characters, in sets of four. A client that
/// sends ever new queries displaces nothing: a text is kept when it comes for the second time, and takes the place of
/// one that was not found since it was kept, or since all four of its set had been. Sets are chosen by hash codes that
/// are seeded by the process, so no client can aim at one. A race between threads costs a text its place and nothing
/// else: the content of a slot does not change.
/// </remarks>
internal sealed class QueryHashMemo
{
    /// <summary>How many texts are kept.</summary>
    public const int Capacity = Sets * Ways;

    /// <summary>Longer texts are not kept; a list with all of its filters is shorter.</summary>
    public const int MaxLength = 256;

    private const int Sets = 128;
    private const int Ways = 4;
    private const int Candidates = 1024;

    private readonly Slot?[] _slots = new Slot?[Capacity];

    // The hash codes of texts that came once.
    private readonly int[] _seenOnce = new int[Candidates];

    public int Count => _slots.Count(static slot => slot is not null);

    /// <summary>The hash of a query, if it is known.</summary>
    /// <param name="query">The query string as the client sent it.</param>
    /// <param name="of">The entity whose list it is; zero where the list is not that of an entity.</param>
    public string? Find(string query, long of)
    {
        var code = HashCode.Combine(query, of);
        foreach (var slot in Set(code))
        {
            if (slot is null || slot.Code != code || slot.Of != of || slot.Query != query)
                continue;
            // Tested before it is set, so that hits do not write to a shared line.
            if (!slot.Found)
                slot.Found = true;
            return slot.Hash;
        }
        return null;
    }

    /// <summary>
    /// A query string with a hash, and the entity whose list it is; null if none of those that are kept has it. Goes
    /// through all of them.
    /// </summary>
    public (string Query, long Of)? QueryOf(string hash) =>
        Array.Find(_slots, slot => slot?.Hash == hash) is { } found ? (found.Query, found.Of) : null;

    /// <summary>Called with what <see cref="Find"/> did not find.</summary>
    public void Keep(string query, long of, string hash)
    {
        if (query.Length > MaxLength)
            return;
        var code = HashCode.Combine(query, of);
        if (Interlocked.Exchange(ref _seenOnce[code & (Candidates - 1)], code) == code)
            Keep(Set(code), new Slot(query, of, code, hash));
    }

    private static void Keep(Span<Slot?> set, Slot added)
    {
        foreach (ref var slot in set)
        {
            if (slot is null)
            {
                slot = added;
                return;
            }
        }
        foreach (ref var slot in set)
        {
            if (slot is { Found: false })
            {
                slot = added;
                return;
            }
        }
        // All of them are in use, or were: whichever is not found again makes room for the next one.
        foreach (var slot in set)
            slot!.Found = false;
    }

    private Span<Slot?> Set(int code) => _slots.AsSpan((code & (Sets - 1)) * Ways, Ways);

    private sealed class Slot(string query, long of, int code, string hash)
    {
        public string Query => query;
        public long Of => of;
        public int Code => code;
        public string Hash => hash;

        /// <summary>Whether it was found since it was kept, or since the marks of its set were taken off.</summary>
        public bool Found { get; set; }
    }
}
