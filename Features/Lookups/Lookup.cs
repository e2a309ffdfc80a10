using System.Linq.Expressions;
using ECommerce.Caching;
using ECommerce.Features.Data.Entities;

namespace ECommerce.Features.Lookups;

/// <summary>
/// A small table that is read whole: lookups differ in their rows, in what a response shows of them, and in their keys.
/// </summary>
internal sealed record Lookup<TEntity, TRow>(string Name, Expression<Func<TEntity, TRow>> Shown)
    where TEntity : Entity<int>
    where TRow : class, ILookupRow
{
    // Not personal, and read by every page: in Redis as it is.
    public CachePolicy Policy { get; } =
        new($"{Name}:{{tenant}}", fresh: TimeSpan.FromHours(24),
            stale: TimeSpan.FromHours(1))
        { Flag = CacheFlagNames.Lookups, Sensitive = false };

    public WarmRead WarmRead => WarmRead.Whole(Policy, (tenant, services, ct) =>
        new ReadLookup<TEntity, TRow>(this).HandleAll(tenant, services.Cache, services.Contexts, ct));

    public Invalidates Invalidation => Invalidates.On<TEntity>(row => [Policy.Key(row.Tenant)]);
}

internal interface ILookupRow
{
    int Id { get; }
}
