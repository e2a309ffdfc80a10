using ECommerce.Caching;
using ECommerce.Caching.Http;
using ECommerce.Features.Common.Settings;
using ECommerce.Features.Data.Entities;
using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Channel.Pool;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Invoices.Incoming;

/// <summary>
/// Pages of the pool live by time, since nothing tells that there is more; what a poll finds drops them at once. What
/// is known of an invoice is dropped with each event about it.
/// </summary>
internal static class PoolCaching
{
    /// <summary>In the place of the token of the first page; tokens have no such character.</summary>
    private const string First = ".";

    public static readonly CachePolicy Pool = new(
        "fatturapa:pool:{tenant}:{page_token}", fresh: TimeSpan.FromMinutes(1), stale: TimeSpan.FromMinutes(5))
    {
        Flag = CacheFlagNames.ExternalApis,
        // Above the time-outs of the client: three calls of 30 s and three of 60, twice where a link has expired.
        Deadline = TimeSpan.FromMinutes(10),
        // A tenant without an API key has no pool.
        Accept = static page => page is not null,
    };

    public static readonly CachePolicy Meta = new(
        "fatturapa:inv:{tenant}:{sdi}:meta", fresh: TimeSpan.FromHours(24), stale: TimeSpan.FromHours(24))
    {
        Flag = CacheFlagNames.ExternalApis,
        // What is not stored is looked up at the provider, and may be there a moment later.
        Accept = static meta => meta is not null,
    };

    public static readonly CachePolicy[] Policies = [Pool, Meta];

    public static readonly Invalidates[] Invalidations =
    [
        Invalidates.On<PoolEvent>(static found => TagsOf(found.Tenant, found.SdiId)),
        Invalidates.On<PoolDocument>(static document => TagsOf(document.Tenant, document.SdiId)),
        // Another key may be that of another account.
        Invalidates.On<TenantSetting>(static row =>
            row.Name == KnownSettings.FatturaPaApiKey.Name ? [Pool.All(row.Tenant)] : []),
    ];

    /// <summary>The key of a page; null: the first one.</summary>
    public static string KeyOf(Tenant tenant, string? pageToken) => Pool.Key(tenant, pageToken ?? First);

    // Only with a token of the tenant: a wrong one must not get a response that was made for another key.
    public static void PoolPage(OutputCachePolicyBuilder builder) => builder.Under(Pool, static context =>
    {
        var reader = new QueryReader(context.Request.Query);
        var token = new PoolPageQuery(reader).PageToken;
        return Tenant.From(context) is { } tenant && reader.Errors.Count == 0
            && (token is null || context.RequestServices.GetRequiredService<PageTokens>().IsValid(tenant, token))
                ? KeyOf(tenant, token)
                : null;
    });

    public static void Details(OutputCachePolicyBuilder builder) => builder.Under(Meta, static context =>
        Tenant.From(context) is { } tenant && context.GetRouteValue("sdi") is string sdi && PoolEvent.IsSdiId(sdi)
            ? Meta.Key(tenant, sdi)
            : null);

    private static IEnumerable<string> TagsOf(Tenant tenant, string sdiId) => PoolEvent.IsSdiId(sdiId)
        ? [Meta.Key(tenant, sdiId), Pool.All(tenant)]
        : [Pool.All(tenant)];
}
