using System.Globalization;
using System.Security.Cryptography;
using ECommerce.Caching.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace ECommerce.Caching.Http;

/// <summary>
/// Adds a strong <c>ETag</c> to the result of an endpoint (200 or 201 with a value): the hash of the bytes that the
/// result writes, led by the row version of an <see cref="IVersioned"/> value. The tag is kept with the response, so a
/// hit computes nothing. A value that is streamed (<see cref="IAsyncEnumerable{T}"/>) has no tag.
/// </summary>
public sealed class EntityTagFilter : IEndpointFilter
{
    /// <inheritdoc/>
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        var result = await next(context).ConfigureAwait(false);
        while (result is INestedHttpResult nested)
            result = nested.Result;
        var status = (result as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;
        return result is IValueHttpResult { Value: { } value } && result is IResult inner && !IsStreamed(value)
            && status is StatusCodes.Status200OK or StatusCodes.Status201Created ? new TaggedResult(inner, value)
            : result;
    }

    /// <summary>The strong entity tag of a response.</summary>
    internal static string Tag(object value, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, hash);
        var digits = Convert.ToHexStringLower(hash[..16]);
        return value is IVersioned versioned
            ? string.Create(CultureInfo.InvariantCulture, $"\"{versioned.RowVersion}-{digits}\"")
            : $"\"{digits}\"";
    }

    private static bool IsStreamed(object value) => Array.Exists(
        value.GetType().GetInterfaces(),
        static type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));

    private sealed class TaggedResult(IResult inner, object value) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            var body = await WriteAsync(httpContext).ConfigureAwait(false);
            response.ContentLength = body.Length;
            var etag = Tag(value, body);
            response.Headers.ETag = etag;
            if (HttpMethods.IsGet(httpContext.Request.Method))
            {
                ResponseHeaders.WriteCaching(response.Headers, etag);
                CacheTrace.Current?.Body = (etag, body);
            }
            await response.Body.WriteAsync(body, httpContext.RequestAborted).ConfigureAwait(false);
        }

        // The result itself: it knows its type, its options, its content type and its Location.
        private async Task<byte[]> WriteAsync(HttpContext context)
        {
            var original = context.Response.Body;
            using var buffer = new MemoryStream();
            context.Response.Body = buffer;
            try
            {
                await inner.ExecuteAsync(context).ConfigureAwait(false);
                await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            }
            finally
            {
                context.Response.Body = original;
            }
            return buffer.ToArray();
        }
    }
}
