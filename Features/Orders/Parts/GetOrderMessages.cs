using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders.Parts;

/// <summary>
/// A message about an order. IsFromEmployee: the merchant wrote it, not the customer; IsPrivate: the customer does not
/// see it.
/// </summary>
internal sealed record OrderMessageDetails(
    long Id, long? OriginId, bool IsFromEmployee, bool IsPrivate, string Message, DateTime DateAdd);

/// <summary>The messages of an order's customer and merchant, as the shop has them, in their order.</summary>
internal static class GetOrderMessages
{
    public static async Task<Results<Ok<PagedResult<OrderMessageDetails>>, NotFound>> Handle(
        long id, Tenant tenant, MultiLevelCache cache, TenantDbContexts contexts, CancellationToken ct)
    {
        var messages = await cache.GetOrCreateAsync(
            OrdersCaching.Messages.Key(tenant, id), (contexts, tenant, id),
            static async ValueTask<IReadOnlyList<OrderMessageDetails>?> (state, entry, ct) =>
            {
                // The order's version covers its messages.
                entry.DependsOn(OrdersCaching.Order.Key(state.tenant, state.id));
                await using var db = state.contexts.ForReading(state.tenant);
                return await QueryAsync(db, state.id, ct);
            },
            OrdersCaching.Messages, ct);

        return messages is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(
                new PagedResult<OrderMessageDetails>(messages, messages.Count, Page: 1, Limit: messages.Count));
    }

    private static async Task<IReadOnlyList<OrderMessageDetails>?> QueryAsync(
        ECommerceDbContext db, long id, CancellationToken ct) =>
        await db.Orders.Where(o => o.Id == id)
            .Select(o => o.Messages.OrderBy(message => message.DateAdd).ThenBy(message => message.Id).Select(
                message => new OrderMessageDetails(
                    message.Id, message.OriginId, message.IsFromEmployee, message.IsPrivate, message.Message,
                    message.DateAdd)).ToList())
            .SingleOrDefaultAsync(ct);
}
