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
        var body = context.Response.Body;
        using var nowhere = new MemoryStream();
        context.Response.Body = nowhere;
        await next(context);
        context.Response.Body = body;
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
