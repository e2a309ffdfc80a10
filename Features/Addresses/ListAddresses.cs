using ECommerce.Caching;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Addresses;

public sealed class AddressQuery(QueryReader reader) : ListQuery(reader)
{
    public long? CustomerId { get; } = reader.Id("customer_id");

    public long? CountryId { get; } = reader.Id("country_id");

    public long? ShopId { get; } = reader.Id("shop_id");

    /// <summary>A part of a name, the company, the street, the city, the postcode or the VAT number.</summary>
    public string? Search { get; } = reader.Text("search");

    public string OrderBy { get; } = reader.Choice("order_by", "id", "id", "lastname", "city", "date_add");

    public string OrderDirection { get; } = reader.Choice("order_direction", "desc", "asc", "desc");

    public static ValueTask<AddressQuery> BindAsync(HttpContext context) =>
        QueryReader.BindAsync(context, static reader => new AddressQuery(reader));
}

internal static class ListAddresses
{
    public static async Task<Ok<PagedResult<AddressDetails>>> Handle(
        AddressQuery query, Tenant tenant, QueryHash hash, HybridCache cache, TenantDbContexts contexts,
        CancellationToken ct) =>
        TypedResults.Ok(await cache.GetOrCreateAsync(
            AddressesCaching.List.Key(tenant, hash.Compute(query.Canonical)), (contexts, tenant, query),
            static async (state, ct) =>
            {
                await using var db = state.contexts.ForReading(state.tenant);
                return await db.PageAsync(
                    db.Addresses.Matching(state.query), state.query, rows => rows.Ordered(state.query),
                    GetAddress.Details, ct);
            },
            AddressesCaching.List.Options, cancellationToken: ct));

    private static IQueryable<Address> Matching(this IQueryable<Address> addresses, AddressQuery query)
    {
        if (query.CustomerId is { } customer)
            addresses = addresses.Where(a => a.CustomerId == customer);
        if (query.CountryId is { } country)
            addresses = addresses.Where(a => a.CountryId == country);
        if (query.ShopId is { } shop)
            addresses = addresses.Where(a => a.ShopId == shop);
        if (query.Search is { } text)
        {
            addresses = addresses.Where(a =>
                a.Firstname.Contains(text) || a.Lastname.Contains(text) || a.Company!.Contains(text)
                || a.Address1.Contains(text) || a.City.Contains(text) || a.Postcode!.Contains(text)
                || a.VatNumber!.Contains(text) || (a.Firstname + " " + a.Lastname).Contains(text));
        }
        return addresses;
    }

    private static IQueryable<Address> Ordered(this IQueryable<Address> addresses, AddressQuery query) =>
        query.OrderBy switch
        {
            "lastname" => addresses.By(a => a.Lastname, query.OrderDirection),
            "city" => addresses.By(a => a.City, query.OrderDirection),
            "date_add" => addresses.By(a => a.DateAdd, query.OrderDirection),
            _ => addresses.By(a => a.Id, query.OrderDirection),
        };
}
