using ECommerce.Caching;
using Microsoft.AspNetCore.OutputCaching;

namespace ECommerce.Features.Quotes;

internal static class QuotesCaching
{
    // Details name the customer and addresses that they show one by one; lists show the names of any customer.
    public static readonly CachePolicy Quote =
        new("quote:{tenant}:{id}", fresh: TimeSpan.FromMinutes(5),
            stale: TimeSpan.FromMinutes(15))
        { Flag = CacheFlagNames.Quotes };

    public static readonly CachePolicy List =
        new("quotes:list:{tenant}:{qhash}", fresh: TimeSpan.FromMinutes(1),
            stale: TimeSpan.FromMinutes(5))
        { Flag = CacheFlagNames.Quotes, Tags = ["quotes:any:{tenant}", "customers:any:{tenant}"] };

    public static readonly CachePolicy[] Policies = [Quote, List];

    public static readonly Invalidates[] Invalidations =
    [
        Invalidates.On<Quote>(static quote => [Quote.Key(quote.Tenant, quote.Id), List.All(quote.Tenant)]),
        Invalidates.WithRoot<QuoteLine, Quote>(static line => line.QuoteId),
    ];

    public static readonly WarmRead[] WarmReads =
    [
        WarmRead.ById(Quote, static (id, tenant, services, ct) =>
            GetQuote.Handle(id, tenant, services.Cache, services.Contexts, ct)),
        WarmRead.List(List, static reader => new QuoteQuery(reader), static (query, tenant, services, ct) =>
            ListQuotes.Handle(query, tenant, services.Hash, services.Cache, services.Contexts, ct)),
    ];

    public static void Details(OutputCachePolicyBuilder policy) => policy.PerTenantEntity(Quote);

    public static void Listing(OutputCachePolicyBuilder policy) =>
        policy.PerTenantQuery(List, static reader => new QuoteQuery(reader));
}
