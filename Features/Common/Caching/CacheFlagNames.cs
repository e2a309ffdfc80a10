namespace ECommerce.Features.Common.Caching;

/// <summary>
/// The parts of the cache that can be disabled, each by a variable such as <c>CACHE_ORDERS_ENABLED</c>.
/// </summary>
internal static class CacheFlagNames
{
    public const string Orders = "orders";
    public const string Products = "products";
    public const string Customers = "customers";
    public const string Quotes = "quotes";
    public const string Lookups = "lookups";
    public const string ExternalApis = "external_apis";
}
