using ECommerce.Caching;
using ECommerce.Caching.Administration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace ECommerce.Features.CacheAdministration;

internal static class ResetCache
{
    public const string Confirmation = "X-Confirm";
    public const string Confirmed = "reset";

    public static async Task<Results<Ok<RemovedCacheKeys>, ProblemHttpResult>> Handle(
        [FromHeader(Name = Confirmation)] string? confirmation, CacheScope scope,
        ICacheAdministration administration, CacheAudit audit, HttpContext http, CancellationToken ct)
    {
        if (confirmation != Confirmed)
        {
            return Problems.BadRequest(
                "confirmation_required",
                $"This removes every entry of every tenant; confirm it with the header '{Confirmation}: {Confirmed}'.");
        }

        var removal = await audit.RunAsync(
            scope, CacheAction.Reset, CacheTags.Everything, CacheTags.Everything,
            () => administration.ResetAsync(CancellationToken.None), ct);
        CachePatterns.MarkIfDeferred(http, removal.Outcome);
        return TypedResults.Ok(
            new RemovedCacheKeys(CacheTags.Everything, DryRun: false, removal.Keys, removal.Outcome));
    }
}
