using Microsoft.AspNetCore.Http;

namespace ECommerce.Features.Common.Http;

/// <summary>For responses that no cache, of the client neither, may keep.</summary>
internal static class NoStore
{
    public static ValueTask<object?> Filter(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}
