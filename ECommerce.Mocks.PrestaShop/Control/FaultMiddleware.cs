using ECommerce.Mocks.PrestaShop.Webservice;

namespace ECommerce.Mocks.PrestaShop.Control;

/// <summary>Strikes before the webservice sees the request, as a host or a dying PHP would.</summary>
internal sealed class FaultMiddleware(RequestDelegate next, FaultPlan plan, TimeProvider time)
{
    public static bool IsDropped(HttpContext context) => context.Items.ContainsKey(FaultKind.Drop);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/api", out var rest)
            || plan.Take(rest.Value?.Split('/', 3).ElementAtOrDefault(1) ?? "") is not { } fault)
        {
            await next(context);
            return;
        }

        switch (fault.Kind)
        {
            case FaultKind.Slow:
                await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), time, context.RequestAborted);
                await next(context);
                break;
            case FaultKind.Notice:
                context.Items[FaultKind.Notice] = true;
                await next(context);
                break;
            case FaultKind.Drop:
                // The log breaks it off, once it has its line.
                context.Items[FaultKind.Drop] = true;
                break;
            case FaultKind.Empty:
                break;
            case FaultKind.TooMany:
                context.Response.Headers.RetryAfter = "1";
                await SendAsync(context, Php.TooMany());
                break;
            default:
                await SendAsync(context, fault.Kind == FaultKind.Unavailable ? Php.Unavailable() : Php.Fatal());
                break;
        }
    }

    private static async Task SendAsync(HttpContext context, Reply reply)
    {
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = reply.ContentType;
        await context.Response.Body.WriteAsync(reply.Body, context.RequestAborted);
    }
}
