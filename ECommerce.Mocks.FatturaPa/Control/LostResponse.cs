using Microsoft.AspNetCore.Http.Features;

namespace ECommerce.Mocks.FatturaPa.Control;

/// <summary>
/// Requests that the provider carries out while their clients get no response, or get it too late: it goes on when its
/// client is gone.
/// </summary>
internal static class LostResponse
{
    public static async Task AfterAsync(
        HttpContext context, RequestDelegate next, TimeSpan delay, TimeProvider time)
    {
        await DetachAsync(context);
        await Task.Delay(delay, time, CancellationToken.None);
        await next(context);
    }

    public static async Task NeverAsync(HttpContext context, RequestDelegate next)
    {
        var client = context.RequestAborted;
        await DiscardAsync(context, next);
        context.RequestAborted = client;
        await Task.Delay(Timeout.Infinite, client).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }

    /// <summary>Carries the request out and keeps the response back.</summary>
    public static async Task DiscardAsync(HttpContext context, RequestDelegate next)
    {
        await DetachAsync(context);
        var (response, body) = (
            context.Features.GetRequiredFeature<IHttpResponseFeature>(),
            context.Features.GetRequiredFeature<IHttpResponseBodyFeature>());
        // Not the body alone: a response in JSON starts before its first byte, and headers would be sent.
        context.Features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        await next(context);
        context.Features.Set(response);
        context.Features.Set(body);
    }

    // The body is read before the client can go away with it.
    private static async Task DetachAsync(HttpContext context)
    {
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        body.Position = 0;
        context.Request.Body = body;
        context.RequestAborted = CancellationToken.None;
    }
}
