using ECommerce.Features.Common.Settings;
using ECommerce.Features.Data.Entities;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Orders.States;

/// <summary>
/// Takes an order in charge: once in its life the stock of its lines is taken, but for an order of a shop, whose stock
/// the shop took. It moves to the state that the setting names, or to that of preparation, found by its flags. Whether
/// it is paid stays as it is.
/// </summary>
internal static class ProcessOrder
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private const string StillHeld = $"SELECT {BusinessLock.StillHeld}";

    public static async Task<Results<Ok<OrderDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, IfMatch ifMatch, Tenant tenant, CurrentUser user, TenantDbContexts contexts, BusinessLocks locks,
        WriteTransactions transactions, StatePushSignal pushes, TimeProvider time, HttpContext http,
        CancellationToken ct)
    {
        // Before the lock, so that ids of nothing leave no rows among the locks.
        await using (var db = contexts.ForReading(tenant))
        {
            if (!await db.Orders.AnyAsync(o => o.Id == id, ct))
                return TypedResults.NotFound();
        }
        await using var held = await locks.TryAcquireAsync($"lock:order:process:{tenant}:{id}", Lease, user.Name, ct);
        if (held is null)
            return Problems.Conflict("order_being_processed", "This order is being processed by another request.");

        await using var tx = await transactions.BeginAsync(tenant, ct);
        if (await tx.Db.Orders.Where(o => o.Id == id).ForUpdate().SingleOrDefaultAsync(ct) is not { } order)
            return TypedResults.NotFound();
        if (!ifMatch.Allows(order.RowVersion))
            return Problems.PreconditionFailed();
        // Whatever states followed: going back to the first one does not return the stock.
        if (order.ProcessedAt is not null)
            return Problems.Conflict("order_already_processed", "The stock of this order has been taken.");
        var state = await tx.Db.OrderStates.SingleOrDefaultAsync(s => s.Id == order.StateId, ct);
        if (state is { Shipped: true })
            return Problems.Conflict("order_already_shipped", "An order that was shipped cannot be processed.");
        if (await NextStateAsync(tx.Db, order, ct) is not { } next)
        {
            return Problems.Invalid(
                "state",
                $"Neither does the setting {KnownSettings.ProcessState.Name} name a state of this order's kind, nor is "
                + "there one of preparation: with delivery and not shipped.");
        }

        var now = time.GetUtcNow().UtcDateTime;
        if (order.OriginId is null && await TakeStockAsync(tx.Db, id, now, ct) is { } missing)
        {
            return Problems.Conflict(
                "not_enough_stock",
                $"There is not enough stock of product {missing.ProductId} ({missing.Name}): "
                + $"{missing.Quantity} needed.");
        }

        order.ProcessedAt = now;
        order.EnterState(next, user, note: null, now);
        await tx.SaveAsync(ct);
        if (!await tx.ScalarAsync<bool>(StillHeld, held.Guard(new { }), ct))
            return Problems.Conflict("order_being_processed", "The lock was lost on the way; nothing was changed.");

        var processed = await OrderReader.FindAsync(tx.Db, id, ct);
        var response = await tx.CommitOkAsync(http, processed!, ct);
        if (order.OriginId is not null)
            pushes.Wake();
        return response;
    }

    // A state of another kind (the tenant's own for an order of a shop, say) could not be pushed to the shop.
    private static async Task<OrderState?> NextStateAsync(ECommerceDbContext db, Order order, CancellationToken ct) =>
        await TenantSettings.ReadAsync(db, KnownSettings.ProcessState, ct) is { } id
        && await db.OrderStates.SingleOrDefaultAsync(s => s.Id == id && s.ShopId == order.ShopId, ct) is { } named
            ? named
            : await db.PreparingAsync(order.ShopId, ct);

    /// <summary>
    /// Takes the stock of the order's products; returns the first product of which there is not enough.
    /// </summary>
    private static async Task<NeededStock?> TakeStockAsync(
        ECommerceDbContext db, long orderId, DateTime now, CancellationToken ct)
    {
        var needed = await db.OrderLines.Where(line => line.OrderId == orderId && line.ProductId != null)
            .GroupBy(line => line.ProductId!.Value)
            .Select(
                lines =>
                    new NeededStock(
                        lines.Key, lines.Max(line => line.ProductName)!, lines.Sum(
                            line => (long)line.ProductQuantity))).ToListAsync(ct);
        var ids = needed.Select(stock => stock.ProductId).ToArray();
        // In the order of their ids, so that two orders with the same products do not wait for each other.
        var products = await db.Products.Where(p => ids.Contains(p.Id)).OrderBy(p => p.Id).ForUpdate()
            .ToDictionaryAsync(p => p.Id, ct);
        foreach (var stock in needed.OrderBy(stock => stock.ProductId))
        {
            if (!products.TryGetValue(stock.ProductId, out var product) || product.Quantity < stock.Quantity)
                return stock;
            product.Quantity -= (int)stock.Quantity;
            product.DateUpd = now;
        }
        return null;
    }

    private sealed record NeededStock(long ProductId, string Name, long Quantity);
}
