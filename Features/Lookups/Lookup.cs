using ECommerce.Caching;

namespace ECommerce.Features.Lookups;

/// <summary>A small table that is read whole: what distinguishes one from another is its rows, its SQL and its key.</summary>
internal sealed record Lookup<TRow>(string Name, string Sql)
    where TRow : class, ILookupRow
{
    // Not personal, and asked for by every page: in Redis as it is.
    public CachePolicy Policy { get; } = new($"{Name}:{{tenant}}", fresh: TimeSpan.FromHours(24), stale: TimeSpan.FromHours(1)) { Flag = CacheFlagNames.Lookups, Sensitive = false };
}

internal interface ILookupRow
{
    int Id { get; }
}
