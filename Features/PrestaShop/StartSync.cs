using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.PrestaShop;

public sealed record StartSyncRequest(string Mode = "full");

internal sealed class SyncOrderValidator : AbstractValidator<StartSyncRequest>
{
    public SyncOrderValidator() =>
        RuleFor(order => order.Mode).Must(mode => mode is "full" or "incremental").WithMessage("must be full or incremental.");
}

internal sealed record SyncStarted(long Id, string Status);

internal static class StartSync
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    public static async Task<Results<Accepted<SyncStarted>, NotFound, ProblemHttpResult>> Handle(
        int id, StartSyncRequest? order, Tenant tenant, CurrentUser user, PrestaShopClients shops, SyncRuns runs, BusinessLocks locks, SyncRunner runner, HttpContext http)
    {
        var ct = http.RequestAborted;
        var mode = (order ?? new StartSyncRequest()).Mode;
        if (await shops.OpenAsync(tenant, id, ct) is not { } shop)
            return TypedResults.NotFound();

        // The run comes first, so that whoever is turned away can be told which run holds the lock.
        var run = await runs.CreateAsync(tenant, id, mode, user.Id, ct);
        var name = $"lock:prestashop:sync:{tenant}:{id}";
        if (await locks.TryAcquireAsync(name, Lease, SyncRuns.Owner(run), ct) is not { } held)
        {
            await runs.DeleteAsync(run, CancellationToken.None);
            return await locks.HolderAsync(name, ct) is { } holder
                ? AlreadyRunning(http, SyncRuns.RunOf(holder))
                : Problems.Conflict("sync_running", "Another sync of this shop has just ended; try again.");
        }
        runner.Start(run, tenant, id, mode == "incremental", shop, held);
        return TypedResults.Accepted($"/api/v1/sync/{run}", new SyncStarted(run, SyncStatus.Running));
    }

    private static ProblemHttpResult AlreadyRunning(HttpContext http, long run)
    {
        http.Response.Headers.Location = $"/api/v1/sync/{run}";
        return TypedResults.Problem(
            detail: $"Sync {run} of this shop is running; follow it at /api/v1/sync/{run}.", statusCode: StatusCodes.Status409Conflict,
            extensions: new Dictionary<string, object?> { ["code"] = "sync_running", ["run"] = run });
    }
}
