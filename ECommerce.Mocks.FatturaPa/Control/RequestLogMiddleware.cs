namespace ECommerce.Mocks.FatturaPa.Control;

internal sealed class RequestLogMiddleware(RequestDelegate next, RequestLog log, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (ProviderCall.Of(context.Request) is not { } call)
        {
            await next(context);
            return;
        }

        var (at, started, logged) = (time.GetUtcNow(), time.GetTimestamp(), false);
        // Before the first byte is sent: a client that has the response finds its line.
        context.Response.OnStarting(() =>
        {
            Log(context.Response.StatusCode);
            return Task.CompletedTask;
        });
        try
        {
            await next(context);
        }
        finally
        {
            if (!context.Response.HasStarted
                && (FaultMiddleware.IsDropped(context) || context.RequestAborted.IsCancellationRequested))
            {
                Log(0);
            }
            if (FaultMiddleware.IsDropped(context))
                context.Abort();
        }

        void Log(int status)
        {
            if (logged)
                return;

            logged = true;
            var ms = Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 2);
            log.Add(new(at, context.Request.Method, call.Name, call.Path, status, ms));
        }
    }
}
