using ECommerce.Caching;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders.Parts;

/// <summary>
/// A step of an order's history: a state that it took, or a field that was changed. Values are texts, cut to 500
/// characters; ids are unique among the steps of one type.
/// </summary>
/// <param name="Id">Among the steps of its type.</param>
/// <param name="Type"><c>state</c> or <c>field</c>.</param>
/// <param name="StateId">The state; null for a field.</param>
/// <param name="StateName">Its name today.</param>
/// <param name="Field">The field by its name in the order, or <c>lines</c>; null for a state.</param>
/// <param name="OldValue">The value before.</param>
/// <param name="NewValue">The value after.</param>
/// <param name="UserId">Whose request it was; null for the shop and for the program itself.</param>
/// <param name="Username">The user's name today.</param>
/// <param name="Note">What the user wrote about a state.</param>
/// <param name="DateAdd">When.</param>
internal sealed record OrderHistoryEntry(
    long Id, string Type, int? StateId, string? StateName, string? Field, string? OldValue, string? NewValue,
    int? UserId, string? Username, string? Note, DateTime DateAdd);

internal static class GetOrderHistory
{
    private const string State = "state";
    private const string Field = "field";

    // Of each type; the oldest are left out.
    private const int MaxSteps = 500;

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
                return await TenantDbContexts.InSnapshotAsync(db, () => QueryAsync(db, state.id, ct), ct);
            },
            OrdersCaching.History, ct);

        return history is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(
                new PagedResult<OrderHistoryEntry>(history, history.Count, Page: 1, Limit: history.Count));
    }

    private static async Task<IReadOnlyList<OrderHistoryEntry>?> QueryAsync(
        ECommerceDbContext db, long id, CancellationToken ct)
    {
        if (!await db.Orders.AnyAsync(o => o.Id == id, ct))
            return null;
        var states = await db.OrderHistory.Where(change => change.OrderId == id)
            .OrderByDescending(change => change.Id).Take(MaxSteps).Select(change => new OrderHistoryEntry(
                change.Id, State, change.StateId, change.State.Name, null, null, null, change.UserId,
                db.Users.Where(user => user.Id == change.UserId).Select(user => user.Username).FirstOrDefault(),
                change.Note, change.DateAdd)).ToListAsync(ct);
        var fields = await db.OrderChanges.Where(change => change.OrderId == id)
            .OrderByDescending(change => change.Id).Take(MaxSteps).Select(change => new OrderHistoryEntry(
                change.Id, Field, null, null, change.Field, change.OldValue, change.NewValue, change.UserId,
                db.Users.Where(user => user.Id == change.UserId).Select(user => user.Username).FirstOrDefault(),
                null, change.DateAdd)).ToListAsync(ct);
        // The newest first; of one request the state, and then the fields that changed with it.
        return [.. states.Concat(fields).OrderByDescending(step => step.DateAdd)];
    }
}
