using ECommerce.Mocks.PrestaShop.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Mocks.PrestaShop.Control;

internal sealed record MoreOrders(int Count = 1);

internal sealed record NewOrders(IReadOnlyList<int> Ids);

internal sealed record NewState(int StateId);

internal sealed record ChangedOrder(int Id, int StateId, string DateUpd);

/// <summary>
/// Endpoints that change the shop and inject faults, for tests. They need no key: the mock is for local use.
/// </summary>
internal static class ControlPlane
{
    public static void MapControlPlane(this IEndpointRouteBuilder app)
    {
        var control = app.MapGroup("/__mock");

        control.MapGet("/faults", (FaultPlan plan) => plan.Waiting);
        control.MapPost("/faults", AddFault);
        control.MapDelete("/faults", (FaultPlan plan) => plan.Clear());
        control.MapGet("/requests", (RequestLog log) => log.Requests);
        control.MapDelete("/requests", (RequestLog log) => log.Clear());
        control.MapPost("/orders", AddOrders);
        control.MapPost("/orders/{id:int}/state", SetState);
        control.MapPut("/rows/{resource}/{id:int}", PutRow);
        control.MapDelete("/rows/{resource}/{id:int}", static (string resource, int id, RowChanges rows) =>
            Found(ResourceNames.All.Contains(resource) && rows.Remove(resource, id)));
        control.MapPost("/rows/{resource}/{id:int}/restore", static (string resource, int id, RowChanges rows) =>
            Found(rows.Restore(resource, id)));
        control.MapGet("/totals", (ShopStore shop) => ShopTotals.Calculate(shop));
        control.MapPost("/reset", Reset);
        control.MapGet("/books", (ShopStore shop) => ShopBooks.Calculate(shop));
    }

    private static Results<Ok<Fault>, BadRequest<string>> AddFault(Fault fault, FaultPlan plan)
    {
        if (fault.Times < 0 || fault.DelayMs is < 0 or > 600_000 || fault.Every < 1)
            return TypedResults.BadRequest("times >= 0, 0 <= delay_ms <= 600000, every >= 1");

        plan.Add(fault);
        return TypedResults.Ok(fault);
    }

    private static Results<Ok<NewOrders>, BadRequest<string>, Conflict<string>> AddOrders(
        MoreOrders more, ShopChanges changes)
    {
        if (more.Count is < 1 or > 1000)
            return TypedResults.BadRequest("count: 1 to 1000");

        return changes.AddOrders(more.Count) is [_, ..] ids
            ? TypedResults.Ok(new NewOrders(ids))
            : TypedResults.Conflict("The shop has no product or no customer with an address.");
    }

    private static Results<Ok<ChangedOrder>, NotFound> SetState(
        int id, NewState state, ShopStore shop, ShopChanges changes)
    {
        if (changes.SetState(id, state.StateId) is null || shop["orders"].Find(id) is not { } order)
            return TypedResults.NotFound();

        return TypedResults.Ok(new ChangedOrder(id, state.StateId, order.Text("date_upd")));
    }

    private static Results<NoContent, NotFound> PutRow(
        string resource, int id, Dictionary<string, string> values, RowChanges rows) =>
        Found(ResourceNames.All.Contains(resource) && rows.Put(resource, id, values));

    private static Results<NoContent, NotFound> Found(bool found) =>
        found ? TypedResults.NoContent() : TypedResults.NotFound();

    private static ShopTotals Reset(ShopStore shop, FaultPlan plan, RequestLog log)
    {
        shop.Reset();
        plan.Clear();
        log.Clear();
        return ShopTotals.Calculate(shop);
    }
}
