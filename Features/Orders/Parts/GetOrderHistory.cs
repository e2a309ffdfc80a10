using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders.Parts;

internal sealed record OrderHistoryEntry(
    long Id, int StateId, string StateName, int? UserId, string? Username, string? Note, DateTime DateAdd);

internal static class GetOrderHistory
{
    public static async Task<Results<Ok<PagedResult<OrderHistoryEntry>>, NotFound>> Handle(
        long id, Tenant tenant, MultiLevelCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var history = await cache.GetOrCreateAsync(
            OrdersCaching.History.Key(tenant, id), (contexts, tenant, id),
            static async ValueTask<IReadOnlyList<OrderHistoryEntry>?> (state, entry, ct) =>
            {
                // Whether there is such an order is part of the response.
                entry.DependsOn(OrdersCaching.Order.Key(state.tenant, state.id));
                await using var db = state.contexts.ForReading(state.tenant);
                return await QueryAsync(db, state.id, ct);
            },
            OrdersCaching.History, ct);

        return history is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(
                new PagedResult<OrderHistoryEntry>(history, history.Count, Page: 1, Limit: history.Count));
    }

    // One statement, so that there is no history without its order.
    private static async Task<IReadOnlyList<OrderHistoryEntry>?> QueryAsync(
        ECommerceDbContext db, long id, CancellationToken ct) =>
        await db.Orders.Where(o => o.Id == id)
            .Select(o => o.History.OrderByDescending(change => change.Id).Select(change => new OrderHistoryEntry(
                change.Id, change.StateId, change.State.Name, change.UserId,
                db.Users.Where(user => user.Id == change.UserId).Select(user => user.Username)
                    .FirstOrDefault(), change.Note, change.DateAdd)).ToList())
            .SingleOrDefaultAsync(ct);
}
