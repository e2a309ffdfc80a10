using ECommerce.Caching;

namespace ECommerce.Features.Common.Warming;

/// <summary>A read that was made often: what repeats it, and how often it was made lately.</summary>
/// <param name="Pattern">The pattern of the policy.</param>
/// <param name="Argument">As <see cref="WarmRead"/> reads it.</param>
/// <param name="Weight">The number of samples that saw it, as of <paramref name="At"/>; half of it is forgotten in two
/// hours.</param>
/// <param name="At">When it was seen last.</param>
internal sealed record RecordedRead(string Pattern, string Argument, double Weight, DateTime At)
{
    private static readonly TimeSpan HalfLife = TimeSpan.FromHours(2);

    public RecordedRead AsOf(DateTime now) =>
        this with { Weight = Weight * Math.Pow(0.5, Math.Max(0, (now - At) / HalfLife)) };
}

/// <summary>
/// The most-read keys of a tenant, as all nodes have seen them: an entry of the cache, so it is encrypted, ends, and is
/// removed with everything else of the tenant.
/// </summary>
internal sealed class RecordedReads(MultiLevelCache cache, TimeProvider time)
{
    /// <summary>How many reads of a tenant are kept.</summary>
    public const int MaxPerTenant = 400;

    // Personal data: a query may search for a name.
    public static readonly CachePolicy Policy =
        new("reads:{tenant}", fresh: TimeSpan.FromHours(24), stale: TimeSpan.Zero) { Jitter = 0 };

    /// <summary>The reads of a tenant with their present weights, the highest first.</summary>
    public async Task<IReadOnlyList<RecordedRead>> ReadAsync(Tenant tenant, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return [.. (await StoredAsync(tenant, ct)).Select(read => read.AsOf(now)).OrderByDescending(Weight)];
    }

    /// <summary>
    /// Adds what this node has seen. Of two nodes that do so at once one may overwrite the other's addition, which
    /// loses a minute of one node's counts.
    /// </summary>
    public async Task AddAsync(Tenant tenant, IReadOnlyCollection<RecordedRead> seen, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var reads = (await StoredAsync(tenant, ct)).ToDictionary(static read => (read.Pattern, read.Argument));
        foreach (var read in seen)
        {
            var before = reads.GetValueOrDefault((read.Pattern, read.Argument))?.AsOf(now).Weight ?? 0;
            reads[(read.Pattern, read.Argument)] = read with { Weight = before + read.Weight, At = now };
        }
        IReadOnlyList<RecordedRead> kept =
            [.. reads.Values.OrderByDescending(read => read.AsOf(now).Weight).Take(MaxPerTenant)];
        if (kept.Count > 0)
            await cache.SetAsync(Policy.Key(tenant), kept, Policy.Options, cancellationToken: ct);
    }

    private static double Weight(RecordedRead read) => read.Weight;

    private async Task<IEnumerable<RecordedRead>> StoredAsync(Tenant tenant, CancellationToken ct)
    {
        var found = await cache.TryGetAsync<IReadOnlyList<RecordedRead>>(Policy.Key(tenant), ct);
        var since = time.GetUtcNow().UtcDateTime - Policy.Fresh;
        return found.Found ? found.Value!.Where(read => read.At > since) : [];
    }
}
