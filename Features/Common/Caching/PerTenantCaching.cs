using System.Globalization;
using ECommerce.Caching;
using ECommerce.Caching.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Common.Caching;

/// <summary>Output-cache policies: a response has the key of the data that it shows.</summary>
internal static class PerTenantCaching
{
    /// <summary>A response that is the same for all users of a tenant: <c>carriers:{tenant}</c>.</summary>
    public static OutputCachePolicyBuilder PerTenant(this OutputCachePolicyBuilder builder, CachePolicy policy) =>
        builder.Under(policy, context => Tenant.From(context) is { } tenant ? policy.Key(tenant) : null);

    /// <summary>One row of a lookup that is cached as a whole.</summary>
    public static OutputCachePolicyBuilder PerTenantRow(this OutputCachePolicyBuilder builder, CachePolicy policy) =>
        builder.Under(policy, context => Tenant.From(context) is { } tenant && RouteId(context) is { } id
            ? string.Create(CultureInfo.InvariantCulture, $"{policy.Key(tenant)}:{id}")
            : null);

    /// <summary>One entity, by the route's <c>id</c>: <c>product:{tenant}:{id}</c>.</summary>
    public static OutputCachePolicyBuilder PerTenantEntity(this OutputCachePolicyBuilder builder, CachePolicy policy) =>
        builder.Under(
            policy, context =>
                Tenant.From(context) is { } tenant && RouteId(context) is { } id ? policy.Key(tenant, id) : null);

    /// <summary>A list, by its canonical query: <c>products:list:{tenant}:{qhash}</c>.</summary>
    public static OutputCachePolicyBuilder PerTenantQuery(
        this OutputCachePolicyBuilder builder, CachePolicy policy, Func<QueryReader, ListQuery> read)
    {
        var known = new QueryHashMemo();
        return builder.Under(
            policy, context =>
                Tenant.From(context) is { } tenant && QueryHashOf(context, policy, read, known) is { } hash
                    ? policy.Key(tenant, hash)
                    : null);
    }

    /// <summary>A list of one entity, by the route's <c>id</c> and its canonical query.</summary>
    public static OutputCachePolicyBuilder PerTenantQueryOfEntity(
        this OutputCachePolicyBuilder builder, CachePolicy policy, Func<QueryReader, ListQuery> read)
    {
        var known = new QueryHashMemo();
        return builder.Under(policy, context =>
            Tenant.From(context) is { } tenant && RouteId(context) is { } id
                && QueryHashOf(context, policy, read, known, id) is { } hash ? policy.Key(tenant, hash) : null);
    }

    /// <summary>Adds the entity that a list belongs to, under a name that no parameter has.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(
        this IReadOnlyCollection<KeyValuePair<string, string>> canonical, long id) =>
        canonical.Append(new("{id}", id.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A list of the current user: <c>user_orders:{tenant}:{user_id}:{qhash}</c>.</summary>
    public static OutputCachePolicyBuilder PerUserQuery(
        this OutputCachePolicyBuilder builder, CachePolicy policy, Func<QueryReader, ListQuery> read)
    {
        var known = new QueryHashMemo();
        return builder.Under(policy, context =>
            Tenant.From(context) is { } tenant && CurrentUser.From(context) is { } user
                && QueryHashOf(context, policy, read, known) is { } hash
                ? policy.Key(tenant, user.Id, hash)
                : null);
    }

    /// <summary>Null for an invalid query: the endpoint reports the error.</summary>
    private static string? QueryHashOf(
        HttpContext context, CachePolicy policy, Func<QueryReader, ListQuery> read, QueryHashMemo known,
        long? of = null)
    {
        var text = context.Request.QueryString.Value ?? "";
        if (known.Find(text, of ?? 0) is { } computed)
            return computed;
        // Without the present day: a hash that depended on it could not be kept.
        var reader = new QueryReader(context.Request.Query);
        var query = read(reader);
        if (reader.Errors.Count > 0)
            return null;
        var hash = context.RequestServices.GetRequiredService<QueryHash>()
            .Compute(of is { } id ? query.Canonical.Of(id) : query.Canonical);
        known.Keep(text, of ?? 0, hash);
        context.RequestServices.GetRequiredService<ListQueries>().Add(policy.Pattern, known);
        return hash;
    }

    private static long? RouteId(HttpContext context) =>
        long.TryParse(
            context.GetRouteValue("id") as string, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? id
                : null;
}
