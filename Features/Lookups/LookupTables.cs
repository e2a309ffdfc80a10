using ECommerce.Caching;
using ECommerce.Caching.Http;
using ECommerce.Features.Data.Entities;

namespace ECommerce.Features.Lookups;

internal sealed record OrderStateDetails(
    int Id, int? ShopId, long? OriginId, long RowVersion, int? Number, string Name, string? Color, bool Paid,
    bool Shipped, bool Invoice, bool Logable, bool Delivery) : ILookupRow, IVersioned;

internal sealed record CategoryDetails(
    int Id, int? ShopId, long? OriginId, long RowVersion, int? ParentId, string Name, bool Active) : ILookupRow,
        IVersioned;

internal sealed record BrandDetails(
    int Id, int? ShopId, long? OriginId, long RowVersion, string Name, bool Active) : ILookupRow, IVersioned;

internal sealed record CarrierDetails(
    int Id, int? ShopId, long? OriginId, long RowVersion, string Name, string? Url, bool IsFree,
    bool Active) : ILookupRow, IVersioned;

internal sealed record CountryDetails(
    int Id, int? ShopId, long? OriginId, long RowVersion, string Name, string IsoCode, bool Active) : ILookupRow,
        IVersioned;

internal sealed record LangDetails(
    int Id, int? ShopId, long? OriginId, long RowVersion, string Name, string IsoCode, string? Locale, bool Active)
    : ILookupRow, IVersioned;

internal static class LookupTables
{
    public static readonly Lookup<OrderState, OrderStateDetails> OrderStates = new(
        "order_states", row => new OrderStateDetails(
        row.Id, row.ShopId, row.OriginId, row.RowVersion, row.Number, row.Name, row.Color, row.Paid, row.Shipped,
        row.Invoice, row.Logable, row.Delivery));

    public static readonly Lookup<Category, CategoryDetails> Categories = new("categories", row => new CategoryDetails(
        row.Id, row.ShopId, row.OriginId, row.RowVersion, row.ParentId, row.Name, row.Active));

    public static readonly Lookup<Brand, BrandDetails> Brands = new("brands", row => new BrandDetails(
        row.Id, row.ShopId, row.OriginId, row.RowVersion, row.Name, row.Active));

    public static readonly Lookup<Carrier, CarrierDetails> Carriers = new("carriers", row => new CarrierDetails(
        row.Id, row.ShopId, row.OriginId, row.RowVersion, row.Name, row.Url, row.IsFree, row.Active));

    public static readonly Lookup<Country, CountryDetails> Countries = new("countries", row => new CountryDetails(
        row.Id, row.ShopId, row.OriginId, row.RowVersion, row.Name, row.IsoCode, row.Active));

    public static readonly Lookup<Lang, LangDetails> Langs = new("langs", row => new LangDetails(
        row.Id, row.ShopId, row.OriginId, row.RowVersion, row.Name, row.IsoCode, row.Locale, row.Active));

    public static readonly CachePolicy[] Policies =
        [OrderStates.Policy, Categories.Policy, Brands.Policy, Carriers.Policy, Countries.Policy, Langs.Policy];

    public static readonly WarmRead[] WarmReads =
    [
        OrderStates.WarmRead, Categories.WarmRead, Brands.WarmRead, Carriers.WarmRead, Countries.WarmRead,
        Langs.WarmRead,
    ];

    public static readonly Invalidates[] Invalidations =
    [
        OrderStates.Invalidation, Categories.Invalidation, Brands.Invalidation, Carriers.Invalidation,
        Countries.Invalidation, Langs.Invalidation,
    ];
}
