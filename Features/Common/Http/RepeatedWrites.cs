using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Common.Http;

/// <summary>
/// Repeats a handler once, as a whole, when its write was undone by a concurrent one: a lost update, or a deadlock
/// whose victim it was. With If-Match a lost update is 412: the client asked for a version that is no longer there.
/// </summary>
internal sealed class RepeatedWrites : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (DbUpdateConcurrencyException)
        {
            if (context.HttpContext.Request.Headers.IfMatch.Count > 0)
                return Problems.PreconditionFailed();
        }
        catch (Exception exception) when (DatabaseErrors.IsDeadlock(exception))
        {
            // The transaction is rolled back, and the handler checks If-Match again.
        }
        try
        {
            return await next(context);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Problems.Conflict(
                "concurrent_change", "The entity is being changed by other requests; read it again.");
        }
    }
}
