using ECommerce.Features.PrestaShop.Webservice;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.PrestaShop;

/// <summary>
/// Mode: full or incremental. A full run marks as deleted what the shop no longer has; when that is more than a tenth
/// of an entity's rows and more than five, it refuses unless deletions are confirmed.
/// </summary>
public sealed record StartSyncRequest(string Mode = "full", bool ConfirmDeletions = false);

internal sealed class StartSyncRequestValidator : AbstractValidator<StartSyncRequest>
{
    public StartSyncRequestValidator()
    {
        RuleFor(request => request.Mode)
            .Must(mode => mode is "full" or "incremental")
            .WithMessage("must be full or incremental.");
        RuleFor(request => request.ConfirmDeletions)
            .Must((request, confirmed) => !confirmed || request.Mode != "incremental")
            .WithMessage("is of a full run only: an incremental one deletes nothing.");
    }
}

internal sealed record SyncStarted(long Id, string Status);

internal static class StartSync
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(60);

    public static async Task<Results<Accepted<SyncStarted>, NotFound, ProblemHttpResult>> Handle(
        int id, StartSyncRequest? request, Tenant tenant, CurrentUser user, PrestaShopClients shops, SyncRuns runs,
        BusinessLocks locks, WriteTransactions transactions, SyncRunner runner, HttpContext http)
    {
        var ct = http.RequestAborted;
        var (mode, confirmsDeletions) = request ?? new StartSyncRequest();
        if (await shops.OpenAsync(tenant, id, ct) is not { } shop)
            return TypedResults.NotFound();
        if (await locks.TryAcquireAsync(SyncRuns.LockName(tenant, id), LeaseTime, user.Name, ct) is not { } lease)
            return AlreadyRunning(http, await runs.FindRunningAsync(tenant, id, ct));

        long run;
        SyncStarted started;
        try
        {
            await using var tx = await transactions.BeginAsync(ct);
            run = await SyncRuns.CreateAsync(tx, tenant, id, lease.Fence, mode, user.Id, ct);
            started = new SyncStarted(run, SyncStatus.Running);
            await tx.CommitRepeatableAsync(http, StatusCodes.Status202Accepted, PathOf(run), started, ct);
        }
        catch
        {
            // The runner owns the lease only once it has started.
            await lease.DisposeAsync();
            throw;
        }
        runner.Start(run, tenant, id, ModeOf(mode, confirmsDeletions), shop, lease);
        return TypedResults.Accepted(PathOf(run), started);
    }

    private static string PathOf(long run) => $"/api/v1/sync/{run}";

    private static SyncMode ModeOf(string mode, bool confirmsDeletions) =>
        mode == "incremental" ? SyncMode.Incremental
        : confirmsDeletions ? SyncMode.FullWithDeletions
        : SyncMode.Full;

    private static ProblemHttpResult AlreadyRunning(HttpContext http, long? running)
    {
        // The lock is taken before the row of its run is inserted, and released after its run has ended.
        if (running is not { } run)
            return Problems.Conflict("sync_running", "Another sync of this shop is starting or ending; try again.");
        http.Response.Headers.Location = PathOf(run);
        return TypedResults.Problem(
            detail: $"Sync {run} of this shop is running; follow it at {PathOf(run)}.",
            statusCode: StatusCodes.Status409Conflict,
            extensions: new Dictionary<string, object?> { ["code"] = "sync_running", ["run"] = run });
    }
}
