namespace ECommerce.Mocks.PrestaShop.Control;

internal sealed class RequestLogMiddleware(RequestDelegate next, RequestLog log, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/api"))
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
            log.Add(
                new(at, context.Request.Method, context.Request.Path, RequestLog.Describe(context.Request), status,
                    ms));
        }
    }
}
