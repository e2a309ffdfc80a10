using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Features.Orders;

/// <summary>The orders that the caller made or that are assigned to the caller.</summary>
internal static class ListMyOrders
{
    public static async Task<Ok<PagedResult<OrderSummary>>> Handle(
        OrderQuery query, Tenant tenant, CurrentUser user, QueryHash hash, HybridCache cache,
        TenantDbContexts contexts, CancellationToken ct) =>
        TypedResults.Ok(await cache.GetOrCreateAsync(
            OrdersCaching.UserOrders.Key(tenant, user.Id, hash.Compute(query.Canonical)), (
                contexts, tenant, user.Id, query),
            static (state, ct) => ListOrders.QueryAsync(state.contexts, state.tenant, state.Id, state.query, ct),
            OrdersCaching.UserOrders.Options, cancellationToken: ct));
}
