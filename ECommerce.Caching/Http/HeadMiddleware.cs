using ECommerce.Caching.Http.Bodies;
using Microsoft.AspNetCore.Http;

namespace ECommerce.Caching.Http;

/// <summary>Lets everything behind it see a GET; the server sends the headers and no body.</summary>
internal sealed class HeadMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context).ConfigureAwait(false);
            return;
        }
        var (body, aborted) = (context.Response.Body, context.RequestAborted);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        context.Request.Method = HttpMethods.Get;
        context.RequestAborted = end.Token;
        context.Response.Body = new DiscardedBody(body, context.Response, end);
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            // The headers are sent: the endpoint was cancelled because its body may be endless.
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
            context.RequestAborted = aborted;
            context.Response.Body = body;
        }
    }
}
