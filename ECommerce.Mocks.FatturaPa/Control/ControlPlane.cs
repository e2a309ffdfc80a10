using ECommerce.Mocks.FatturaPa.Pool;
using ECommerce.Mocks.FatturaPa.Sdi;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Mocks.FatturaPa.Control;

/// <summary>A file of another seller to an account; the content is base64.</summary>
internal sealed record Purchase(string FileName, byte[] Content, int Account = 1, int DelayMs = 0);

/// <summary>Notifications that an account gets once more.</summary>
internal sealed record Repetition(string FileName, int Account = 1, int Times = 1);

/// <summary>An event as it is, which the SDI had no part in; the content is base64.</summary>
internal sealed record PlacedEntry(
    string FileName, byte[] Content, string SdiId = "", string Direction = "Acquisto", string Kind = "Ricezione",
    int Account = 1);

internal sealed record ListedEntry(string RowKey, string Direction, string Kind, string SdiId, string FileName);

/// <summary>
/// Endpoints that decide about files and inject faults, for tests. They need no key: the mock is for local use.
/// </summary>
internal static class ControlPlane
{
    private const int MaxDelayMs = 86_400_000;

    public static void MapControlPlane(this IEndpointRouteBuilder app)
    {
        var control = app.MapGroup("/__mock");

        control.MapGet("/faults", (FaultPlan plan) => plan.Waiting);
        control.MapPost("/faults", AddFault);
        control.MapDelete("/faults", (FaultPlan plan) => plan.Clear());
        control.MapGet("/requests", (RequestLog log) => log.Requests);
        control.MapDelete("/requests", (RequestLog log) => log.Clear());
        control.MapPost("/outcomes", AddOutcome);
        control.MapDelete("/outcomes", (OutcomePlan plan) => plan.Clear());
        control.MapGet("/registry", (Registry registry) => registry.Current);
        control.MapPut("/registry", (RegistryLists lists, Registry registry) => registry.Current = lists);
        control.MapPost("/purchases", AddPurchase);
        control.MapPost("/entries", AddEntry);
        control.MapPost("/repetitions", Repeat);
        control.MapGet("/accounts/{account:int}/pool", List);
        control.MapPost("/reset", Reset);
    }

    private static Results<Ok<Fault>, BadRequest<string>> AddFault(Fault fault, FaultPlan plan) =>
        fault.Times < 0 || fault.DelayMs is < 0 or > 600_000 || !plan.Add(fault)
            ? TypedResults.BadRequest("times >= 0, 0 <= delay_ms <= 600000, at most a thousand faults")
            : TypedResults.Ok(fault);

    private static Results<Ok<ForcedOutcome>, BadRequest<string>> AddOutcome(ForcedOutcome outcome, OutcomePlan plan) =>
        outcome.Times < 0 || outcome.DelayMs is < 0 or > MaxDelayMs || outcome.Copies is < 1 or > 100
            || !plan.Add(outcome)
            ? TypedResults.BadRequest("times >= 0, 0 <= delay_ms <= 86400000, 1 <= copies <= 100")
            : TypedResults.Ok(outcome);

    private static Results<Ok<ReceivedId>, NotFound, BadRequest<string>> AddPurchase(
        Purchase purchase, Accounts accounts, SdiService sdi)
    {
        if (purchase.DelayMs is < 0 or > MaxDelayMs)
            return TypedResults.BadRequest("0 <= delay_ms <= 86400000");
        return accounts.Numbered(purchase.Account) is { } account
            ? TypedResults.Ok(new ReceivedId(sdi.Deliver(
                account, purchase.FileName, purchase.Content, TimeSpan.FromMilliseconds(purchase.DelayMs))))
            : TypedResults.NotFound();
    }

    private static Results<NoContent, NotFound> AddEntry(PlacedEntry entry, Accounts accounts)
    {
        if (accounts.Numbered(entry.Account) is not { } account)
            return TypedResults.NotFound();
        account.Add(
            new PoolEntry(entry.Direction, entry.Kind, entry.SdiId, entry.FileName, entry.Content), TimeSpan.Zero);
        return TypedResults.NoContent();
    }

    private static Results<NoContent, NotFound, BadRequest<string>> Repeat(Repetition repetition, Accounts accounts)
    {
        if (repetition.Times is < 1 or > 100)
            return TypedResults.BadRequest("1 <= times <= 100");
        if (accounts.Numbered(repetition.Account) is not { } account
            || account.Entries.LastOrDefault(entry => entry.FileName == repetition.FileName) is not { } found)
        {
            return TypedResults.NotFound();
        }
        for (var i = 0; i < repetition.Times; i++)
            account.Add(found, TimeSpan.Zero);
        return TypedResults.NoContent();
    }

    private static Results<Ok<ListedEntry[]>, NotFound> List(int account, Accounts accounts) =>
        accounts.Numbered(account) is { } owner
            ? TypedResults.Ok(owner.Entries.Select(entry => new ListedEntry(
                entry.RowKey, entry.Direction, entry.Kind, entry.SdiId, entry.FileName)).ToArray())
            : TypedResults.NotFound();

    private static void Reset(
        Accounts accounts, FaultPlan faults, OutcomePlan outcomes, RequestLog log, Registry registry, SdiService sdi)
    {
        foreach (var account in accounts.All)
            account.Clear();
        sdi.Forget();
        faults.Clear();
        outcomes.Clear();
        log.Clear();
        registry.Current = new();
    }
}

/// <summary>The IdentificativoSdI of a file.</summary>
internal sealed record ReceivedId(string SdiId);
