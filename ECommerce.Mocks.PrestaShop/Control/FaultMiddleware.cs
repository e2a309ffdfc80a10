using ECommerce.Mocks.PrestaShop.Webservice;

namespace ECommerce.Mocks.PrestaShop.Control;

/// <summary>Strikes before the webservice sees the request, as a host or a dying PHP would.</summary>
internal sealed class FaultMiddleware(
    RequestDelegate next, FaultPlan plan, RequestRate pace, TimeProvider time)
{
    public static bool IsDropped(HttpContext context) => context.Items.ContainsKey(FaultKind.Drop);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/api", out var rest)
            || plan.Take(rest.Value?.Split('/', 3).ElementAtOrDefault(1) ?? "", context.Request.Method)
                is not { } fault)
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
            case FaultKind.Late:
                await LostResponse.AfterAsync(context, next, TimeSpan.FromMilliseconds(fault.DelayMs), time);
                break;
            case FaultKind.Mute:
                await LostResponse.NeverAsync(context, next);
                break;
            case FaultKind.DropAfter:
                await LostResponse.DiscardAsync(context, next);
                context.Items[FaultKind.Drop] = true;
                break;
            case FaultKind.Notice:
                context.Items[FaultKind.Notice] = true;
                await next(context);
                break;
            case FaultKind.EmptyRow or FaultKind.IgnoreQuery or FaultKind.Cap:
                context.Items[typeof(Fault)] = fault;
                await next(context);
                break;
            case FaultKind.StripAuthorization:
                context.Request.Headers.Authorization = default;
                await next(context);
                break;
            case FaultKind.Rate when pace.IsAllowed(fault.DelayMs):
                await next(context);
                break;
            case FaultKind.Huge or FaultKind.Endless or FaultKind.Drip:
                await HostileBody.SendAsync(context, fault.Kind, time);
                break;
            case FaultKind.Redirect:
                context.Response.Redirect(
                    $"https://www.shop.example{context.Request.Path}{context.Request.QueryString}");
                break;
            case FaultKind.Drop:
                // The log breaks it off, once it has its line.
                context.Items[FaultKind.Drop] = true;
                break;
            case FaultKind.Empty:
                break;
            case FaultKind.TooMany or FaultKind.Rate:
                context.Response.Headers.RetryAfter = "1";
                await SendAsync(context, Php.TooMany());
                break;
            default:
                await SendAsync(context, fault.Kind switch
                {
                    FaultKind.Unavailable => Php.Unavailable(),
                    FaultKind.Disabled => Php.Disabled(),
                    FaultKind.Forbidden => Php.Forbidden(),
                    FaultKind.Method => Php.MethodNotAllowed(),
                    _ => Php.Fatal(),
                });
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
