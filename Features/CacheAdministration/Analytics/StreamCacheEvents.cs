using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.CacheAdministration.Analytics;

/// <summary>Server-sent events, until the token ends. The token is in the header: one in the URL is not read.</summary>
internal static class StreamCacheEvents
{
    public static Results<ServerSentEventsResult<byte[]>, ProblemHttpResult> Handle(
        CacheScope scope, EventFeed feed, EventStreams streams, HttpContext http, CancellationToken ct)
    {
        DatabaseGate.ReleaseAfterEachUse();
        if (streams.TryOpen(scope.User.Id) is not { } stream)
            return EventStreams.TooMany();
        http.Response.RegisterForDispose(stream);
        // Proxies that collect responses would keep the events.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(feed.ReadAsync(scope, http.User, ct));
    }
}
