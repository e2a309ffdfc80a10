using ECommerce.Mocks.FatturaPa.Provider;

namespace ECommerce.Mocks.FatturaPa.Control;

/// <summary>Strikes before the provider sees the request, or keeps its response back.</summary>
internal sealed class FaultMiddleware(RequestDelegate next, FaultPlan plan, TimeProvider time)
{
    private const string Page = "<html><body><h1>Server Error</h1></body></html>";

    public static bool IsDropped(HttpContext context) => context.Items.ContainsKey(FaultKind.Drop);

    public async Task InvokeAsync(HttpContext context)
    {
        if (ProviderCall.Of(context.Request) is not { } call || plan.Take(call.Name) is not { } fault)
        {
            await next(context);
            return;
        }

        var delay = TimeSpan.FromMilliseconds(fault.DelayMs);
        switch (fault.Kind)
        {
            case FaultKind.Drop:
                // The log breaks it off, once it has its line.
                context.Items[FaultKind.Drop] = true;
                break;
            case FaultKind.DropAfter:
                await LostResponse.DiscardAsync(context, next);
                context.Items[FaultKind.Drop] = true;
                break;
            case FaultKind.Slow:
                await Task.Delay(delay, time, context.RequestAborted);
                await next(context);
                break;
            case FaultKind.Late:
                await LostResponse.AfterAsync(context, next, delay, time);
                break;
            case FaultKind.Mute:
                await LostResponse.NeverAsync(context, next);
                break;
            case FaultKind.Error500After:
                await LostResponse.DiscardAsync(context, next);
                await SendAsync(context, StatusCodes.Status500InternalServerError, Page);
                break;
            case FaultKind.Redirect:
                context.Response.Redirect($"https://{fault.Host}{context.Request.Path}");
                break;
            case FaultKind.Huge or FaultKind.Endless or FaultKind.Drip:
                await HostileBody.SendAsync(context, fault.Kind, time);
                break;
            case FaultKind.Empty:
                break;
            case FaultKind.TooMany:
                context.Response.Headers.RetryAfter = "1";
                await SendAsync(context, StatusCodes.Status429TooManyRequests, Page);
                break;
            case FaultKind.ForeignLink:
                await context.Response.WriteAsJsonAsync(
                    new Link("x", $"http://{fault.Host}/x?sig=x"), context.RequestAborted);
                break;
            case FaultKind.Expired:
                await StorageError.Forbidden.ExecuteAsync(context);
                break;
            default:
                await RespondAsync(context, fault.Kind);
                break;
        }
    }

    private static Task RespondAsync(HttpContext context, FaultKind kind) => kind switch
    {
        FaultKind.Unauthorized =>
            new WcfFault(StatusCodes.Status401Unauthorized, "Sender", "Unauthorized").ExecuteAsync(context),
        FaultKind.Refused =>
            new WcfFault(StatusCodes.Status400BadRequest, "Sender", "The file is refused").ExecuteAsync(context),
        FaultKind.FaultIn200 =>
            new WcfFault(StatusCodes.Status200OK, "Receiver", "Internal error").ExecuteAsync(context),
        FaultKind.Unavailable => SendAsync(context, StatusCodes.Status503ServiceUnavailable, Page),
        FaultKind.Html => SendAsync(context, StatusCodes.Status200OK, Page),
        _ => SendAsync(context, StatusCodes.Status500InternalServerError, Page),
    };

    private static Task SendAsync(HttpContext context, int status, string page)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html";
        return context.Response.WriteAsync(page, context.RequestAborted);
    }
}
