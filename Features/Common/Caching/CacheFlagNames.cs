namespace ECommerce.Features.Common.Caching;

/// <summary>What can be switched off in the cache; each has a variable, <c>CACHE_ORDERS_ENABLED</c> and so on.</summary>
internal static class CacheFlagNames
{
    public const string Orders = "orders";
    public const string Products = "products";
    public const string Customers = "customers";
    public const string Lookups = "lookups";
}
