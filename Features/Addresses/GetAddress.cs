using System.Linq.Expressions;
using ECommerce.Caching.Http;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Addresses;

internal sealed record AddressDetails(
    long Id, int? ShopId, long? OriginId, long RowVersion, long CustomerId, string? Alias, string? Company,
    string Firstname, string Lastname, string? VatNumber, string? Dni, string Address1, string? Address2,
    string? Postcode, string City, string? State, int? CountryId, string? CountryName, string? CountryIsoCode,
    string? Phone, string? PhoneMobile, string? Pec, string? Sdi, string? Other, DateTime DateAdd,
    DateTime DateUpd) : IVersioned;

internal static class GetAddress
{
    /// <summary>An address as every response shows it.</summary>
    public static readonly Expression<Func<Address, AddressDetails>> Details = a => new AddressDetails(
        a.Id, a.ShopId, a.OriginId, a.RowVersion, a.CustomerId, a.Alias, a.Company, a.Firstname, a.Lastname,
        a.VatNumber, a.Dni, a.Address1, a.Address2, a.Postcode, a.City, a.State, a.CountryId, a.Country!.Name,
        a.Country!.IsoCode, a.Phone, a.PhoneMobile, a.Pec, a.Sdi, a.Other, a.DateAdd, a.DateUpd);

    private static readonly Func<ECommerceDbContext, long, CancellationToken, Task<AddressDetails?>> ById =
        CompiledReads.ById(Details);

    public static async Task<Results<Ok<AddressDetails>, NotFound>> Handle(
        long id, Tenant tenant, HybridCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var address = await cache.GetOrCreateAsync(
            AddressesCaching.Address.Key(tenant, id), (contexts, tenant, id),
            static async ValueTask<AddressDetails?> (state, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                return await QueryAsync(db, state.id, ct);
            },
            AddressesCaching.Address.Options, cancellationToken: ct);

        return address is null ? TypedResults.NotFound() : TypedResults.Ok(address);
    }

    public static Task<AddressDetails?> QueryAsync(ECommerceDbContext db, long id, CancellationToken ct) =>
        ById(db, id, ct);
}
