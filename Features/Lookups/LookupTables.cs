using ECommerce.Caching;
using ECommerce.Caching.Http;

namespace ECommerce.Features.Lookups;

internal sealed record OrderState(
    int Id, int? ShopId, long? OriginId, long RowVersion, int? Number, string Name, string? Color, bool Paid,
    bool Shipped, bool Invoice) : ILookupRow, IVersioned;

internal sealed record Category(
    int Id, int? ShopId, long? OriginId, long RowVersion, int? ParentId, string Name, bool Active) : ILookupRow,
        IVersioned;

internal sealed record Brand(
    int Id, int? ShopId, long? OriginId, long RowVersion, string Name, bool Active) : ILookupRow, IVersioned;

internal sealed record Carrier(
    int Id, int? ShopId, long? OriginId, long RowVersion, string Name, string? Url, bool IsFree,
    bool Active) : ILookupRow, IVersioned;

internal sealed record Country(
    int Id, int? ShopId, long? OriginId, long RowVersion, string Name, string IsoCode, bool Active) : ILookupRow,
        IVersioned;

internal sealed record Lang(
    int Id, int? ShopId, long? OriginId, long RowVersion, string Name, string IsoCode, string? Locale, bool Active)
    : ILookupRow, IVersioned;

internal static class LookupTables
{
    private const string Whole = "WHERE tenant_id = @tenant AND deleted_at IS NULL ORDER BY id";

    public static readonly Lookup<OrderState> OrderStates = new(
        "order_states",
        $"SELECT id, shop_id, origin_id, row_version, number, name, color, paid, shipped, invoice FROM order_states {Whole}");

    public static readonly Lookup<Category> Categories = new(
        "categories", $"SELECT id, shop_id, origin_id, row_version, parent_id, name, active FROM categories {Whole}");

    public static readonly Lookup<Brand> Brands = new(
        "brands", $"SELECT id, shop_id, origin_id, row_version, name, active FROM brands {Whole}");

    public static readonly Lookup<Carrier> Carriers = new(
        "carriers", $"SELECT id, shop_id, origin_id, row_version, name, url, is_free, active FROM carriers {Whole}");

    public static readonly Lookup<Country> Countries = new(
        "countries", $"SELECT id, shop_id, origin_id, row_version, name, iso_code, active FROM countries {Whole}");

    public static readonly Lookup<Lang> Langs = new(
        "langs", $"SELECT id, shop_id, origin_id, row_version, name, iso_code, locale, active FROM langs {Whole}");

    public static readonly CachePolicy[] Policies =
        [OrderStates.Policy, Categories.Policy, Brands.Policy, Carriers.Policy, Countries.Policy, Langs.Policy];
}
