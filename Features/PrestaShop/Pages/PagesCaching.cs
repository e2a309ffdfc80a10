using System.Globalization;
using ECommerce.Caching;
using ECommerce.Caching.Http;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.PrestaShop.Pages;

/// <summary>
/// Pages of a shop. Nothing tells that a row changed there, so they live by time; a sync that finds changes drops the
/// pages of its shop, and so does a change of the shop's settings.
/// </summary>
internal static class PagesCaching
{
    /// <summary>Above the time-outs of the client: 20 s for the headers and 25 s for the body.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static readonly string[] OfShop = ["prestashop:*:{tenant}:{shop_id}:*"];

    public static readonly CachePolicy Orders = new(
        "prestashop:orders:{tenant}:{shop_id}:{page}:{hash}", fresh: TimeSpan.FromMinutes(2),
        stale: TimeSpan.FromMinutes(10))
    { Flag = CacheFlagNames.ExternalApis, Tags = OfShop, Deadline = Deadline, Accept = IsPlausible };

    public static readonly CachePolicy Customers = new(
        "prestashop:customers:{tenant}:{shop_id}:{page}", fresh: TimeSpan.FromMinutes(5),
        stale: TimeSpan.FromMinutes(15))
    { Flag = CacheFlagNames.ExternalApis, Tags = OfShop, Deadline = Deadline, Accept = IsPlausible };

    public static readonly CachePolicy Products = new(
        "prestashop:products:{tenant}:{shop_id}:{page}", fresh: TimeSpan.FromMinutes(10),
        stale: TimeSpan.FromMinutes(30))
    { Flag = CacheFlagNames.ExternalApis, Tags = OfShop, Deadline = Deadline, Accept = IsPlausible };

    /// <summary>
    /// What pages were read from; the shop itself tells by the SHA-1 whether it still holds, so nothing invalidates it.
    /// </summary>
    public static readonly CachePolicy Content = new(
        "prestashop:content:{tenant}:{shop_id}:{hash}", fresh: TimeSpan.FromHours(1), stale: TimeSpan.Zero)
    { Flag = CacheFlagNames.ExternalApis };

    public static readonly CachePolicy[] Policies = [Orders, Customers, Products, Content];

    public static readonly Invalidates[] Invalidations =
        [Invalidates.On<Shop>(static shop => [$"prestashop:*:{shop.Tenant}:{shop.Id}:*"])];

    public static void OrdersListing(OutputCachePolicyBuilder policy) => policy.OfPage(
        Orders, static reader => new ShopOrdersQuery(reader), hashed: true);

    public static void CustomersListing(OutputCachePolicyBuilder policy) => policy.OfPage(
        Customers, static reader => new ShopPageQuery(reader), hashed: false);

    public static void ProductsListing(OutputCachePolicyBuilder policy) => policy.OfPage(
        Products, static reader => new ShopPageQuery(reader), hashed: false);

    private static OutputCachePolicyBuilder OfPage(
        this OutputCachePolicyBuilder builder, CachePolicy policy, Func<QueryReader, ShopPageQuery> read,
        bool hashed) => builder.Under(policy, context =>
    {
        var reader = new QueryReader(context.Request.Query);
        if (Tenant.From(context) is not { } tenant || read(reader) is not { } query || reader.Errors.Count > 0
            || !long.TryParse(
                context.GetRouteValue("id") as string, NumberStyles.None, CultureInfo.InvariantCulture, out var shop))
        {
            return null;
        }
        var hash = context.RequestServices.GetRequiredService<QueryHash>();
        return hashed
            ? policy.Key(tenant, shop, query.Page, hash.Compute(reader.Canonical))
            : policy.Key(tenant, shop, query.Page);
    });

    // A host that is overloaded or under maintenance may return an empty list. Null: there is no such shop.
    private static bool IsPlausible(object? page) => page is IShopPage { IsEmpty: false };
}
