using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Lookups;

internal static class LookupsFeature
{
    public static void MapLookups(this IEndpointRouteBuilder app)
    {
        var lookups = app.MapGroup("").WithTags("Lookups").RequireAuthorization(Permissions.Read);

        lookups.MapLookup(LookupTables.OrderStates);
        lookups.MapLookup(LookupTables.Categories);
        lookups.MapLookup(LookupTables.Brands);
        lookups.MapLookup(LookupTables.Carriers);
        lookups.MapLookup(LookupTables.Countries);
        lookups.MapLookup(LookupTables.Langs);
    }

    private static void MapLookup<TEntity, TRow>(this IEndpointRouteBuilder app, Lookup<TEntity, TRow> lookup)
        where TEntity : Entity<int>
        where TRow : class, ILookupRow
    {
        var read = new ReadLookup<TEntity, TRow>(lookup);
        app.MapGet($"/{lookup.Name}", read.HandleAll).CacheOutput(policy => policy.PerTenant(lookup.Policy));
        app.MapGet($"/{lookup.Name}/{{id:int}}", read.HandleOne)
            .CacheOutput(policy => policy.PerTenantRow(lookup.Policy));
    }
}
