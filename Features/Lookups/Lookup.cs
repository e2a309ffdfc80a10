using ECommerce.Caching;

namespace ECommerce.Features.Lookups;

/// <summary>A small table that is read as a whole, defined by its row type, SQL and cache policy.</summary>
internal sealed record Lookup<TRow>(string Name, string Sql)
    where TRow : class, ILookupRow
{
    // Not personal and read by every page: stored in Redis unencrypted.
    public CachePolicy Policy { get; } = new(
        $"{Name}:{{tenant}}", fresh: TimeSpan.FromHours(24), stale: TimeSpan.FromHours(
            1))
    { Flag = CacheFlagNames.Lookups, Sensitive = false };
}

internal interface ILookupRow
{
    int Id { get; }
}
