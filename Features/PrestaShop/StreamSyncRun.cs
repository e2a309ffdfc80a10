using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.PrestaShop;

/// <summary>
/// The progress as server-sent events, until the run is over. Read from the database: the run may be another replica's.
/// </summary>
internal static class StreamSyncRun
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(300);

    public static async Task<Results<ServerSentEventsResult<SyncProgress>, NotFound, ProblemHttpResult>> Handle(
        long id, Tenant tenant, CurrentUser user, SyncRuns runs, EventStreams streams, TimeProvider time,
        HttpContext http, CancellationToken ct)
    {
        DatabaseGate.ReleaseAfterEachUse();
        if (await runs.FindAsync(tenant, id, ct) is not { } first)
            return TypedResults.NotFound();
        if (streams.TryOpen(user.Id) is not { } stream)
            return EventStreams.TooMany();
        http.Response.RegisterForDispose(stream);
        return TypedResults.ServerSentEvents(EventsAsync(first, tenant, runs, time, ct));
    }

    private static async IAsyncEnumerable<SseItem<SyncProgress>> EventsAsync(
        SyncProgress first, Tenant tenant, SyncRuns runs, TimeProvider time,
        [EnumeratorCancellation] CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Period, time);
        var last = first;
        yield return Event(first);
        while (!last.IsOver && await timer.WaitForNextTickAsync(ct))
        {
            if (await PollAsync(runs, tenant, last, ct) is not { } now)
                yield break;
            if ((now.Status, now.Phase, now.Done, now.Total) == (last.Status, last.Phase, last.Done, last.Total))
                continue;
            last = now;
            yield return Event(now);
        }
    }

    // A stream outlives an outage and an overload: the next poll tries again.
    private static async Task<SyncProgress?> PollAsync(
        SyncRuns runs, Tenant tenant, SyncProgress last, CancellationToken ct)
    {
        try
        {
            return await runs.FindAsync(tenant, last.Id, ct);
        }
        catch (Exception exception) when (DatabaseErrors.IsDriverError(exception) && !ct.IsCancellationRequested)
        {
            return last;
        }
    }

    private static SseItem<SyncProgress> Event(SyncProgress run) => new(run, run.IsOver ? "finished" : "progress");
}
