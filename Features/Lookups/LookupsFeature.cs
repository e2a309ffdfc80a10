using ECommerce.Features.Data.Entities;
using ECommerce.Features.Lookups.Drafts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Lookups;

internal static class LookupsFeature
{
    public static void AddLookups(this IServiceCollection services)
    {
        services.AddValidator<OrderStateDraft, OrderStateDraftValidator>();
        services.AddValidator<CategoryDraft, CategoryDraftValidator>();
        services.AddValidator<BrandDraft, BrandDraftValidator>();
        services.AddValidator<CarrierDraft, CarrierDraftValidator>();
        services.AddValidator<CountryDraft, CountryDraftValidator>();
        services.AddValidator<LangDraft, LangDraftValidator>();
    }

    public static void MapLookups(this IEndpointRouteBuilder app)
    {
        var lookups = app.MapGroup("").WithTags("Lookups").RequireAuthorization(Permissions.Read);

        lookups.MapLookup(LookupWrites.OrderStates);
        lookups.MapLookup(LookupWrites.Categories);
        lookups.MapLookup(LookupWrites.Brands);
        lookups.MapLookup(LookupWrites.Carriers);
        lookups.MapLookup(LookupWrites.Countries);
        lookups.MapLookup(LookupWrites.Langs);
    }

    private static void MapLookup<TEntity, TRow, TDraft>(
        this IEndpointRouteBuilder app, LookupWrite<TEntity, TRow, TDraft> write)
        where TEntity : Entity<int>, new()
        where TRow : class, ILookupRow
    {
        var lookup = write.Lookup;
        var read = new ReadLookup<TEntity, TRow>(lookup);
        var rows = lookup.Name.Replace('_', ' ');
        app.MapGet($"/{lookup.Name}", read.HandleAll).WithSummary($"All {rows}.")
            .CacheOutput(policy => policy.PerTenant(lookup.Policy));
        app.MapGet($"/{lookup.Name}/{{id:int}}", read.HandleOne).WithSummary($"One of the {rows}.")
            .CacheOutput(policy => policy.PerTenantRow(lookup.Policy));

        var writes = app.MapGroup("").RequireAuthorization(Permissions.WriteLookups);
        writes.MapPost($"/{lookup.Name}", new CreateLookup<TEntity, TRow, TDraft>(write).Handle)
            .WithSummary($"Adds one of the tenant's own {rows}.").Creates<TDraft, TRow>();
        writes.MapPut($"/{lookup.Name}/{{id:int}}", new UpdateLookup<TEntity, TRow, TDraft>(write).Handle)
            .WithSummary($"Replaces one of the tenant's own {rows}.")
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);
        writes.MapDelete($"/{lookup.Name}/{{id:int}}", new DeleteLookup<TEntity, TRow, TDraft>(write).Handle)
            .WithSummary($"Deletes one of the tenant's own {rows} that nothing uses.")
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status412PreconditionFailed);
    }
}
