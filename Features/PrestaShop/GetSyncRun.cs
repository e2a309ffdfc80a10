using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.PrestaShop;

/// <summary>Never cached: it is asked for because it changes.</summary>
internal static class GetSyncRun
{
    public static async Task<Results<Ok<SyncProgress>, NotFound>> Handle(
        long id, Tenant tenant, SyncRuns runs, CancellationToken ct) =>
        await runs.FindAsync(tenant, id, ct) is { } run ? TypedResults.Ok(run) : TypedResults.NotFound();
}
