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
    public static async Task<Results<Accepted<SyncStarted>, NotFound, ProblemHttpResult>> Handle(
        int id, StartSyncRequest? request, Tenant tenant, CurrentUser user, SyncStarter starter, HttpContext http,
        CancellationToken ct)
    {
        var (mode, confirmsDeletions) = request ?? new StartSyncRequest();
        var start = await starter.StartAsync(
            tenant, id, ModeOf(mode, confirmsDeletions), user.Id, user.Name,
            (tx, run) => tx.CommitRepeatableAsync(
                http, StatusCodes.Status202Accepted, PathOf(run), Started(run), ct),
            ct);
        return start switch
        {
            { Outcome: SyncStartOutcome.NoShop } => TypedResults.NotFound(),
            { Outcome: SyncStartOutcome.Started, Run: { } run } => TypedResults.Accepted(PathOf(run), Started(run)),
            _ => AlreadyRunning(http, start.Run),
        };
    }

    private static SyncStarted Started(long run) => new(run, SyncStatus.Running);

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
