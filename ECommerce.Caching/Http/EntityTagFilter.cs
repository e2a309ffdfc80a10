using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using ECommerce.Caching.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ECommerce.Caching.Http;

/// <summary>
/// Writes the result of an endpoint (200 or 201 with a value) as JSON with a strong <c>ETag</c>: the hash of the bytes,
/// led by the row version of an <see cref="IVersioned"/> value. The tag is kept with the response, so a hit computes
/// nothing.
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
        var isValue = result is IValueHttpResult { Value: not null }
            && status is StatusCodes.Status200OK or StatusCodes.Status201Created;
        return isValue ? new TaggedResult((IResult)result!, ((IValueHttpResult)result!).Value!, status) : result;
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

    private sealed class TaggedResult(IResult inner, object value, int status) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var json = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
            var body = JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), json);
            var response = httpContext.Response;
            response.StatusCode = status;
            ResponseHeaders.WriteContent(response, body.Length);
            var etag = Tag(value, body);
            response.Headers.ETag = etag;
            if (inner is IStatusCodeHttpResult
                && inner.GetType().GetProperty("Location")?.GetValue(inner) is string location)
            {
                response.Headers.Location = location;
            }
            if (HttpMethods.IsGet(httpContext.Request.Method))
            {
                ResponseHeaders.WriteCaching(response.Headers, etag);
                CacheTrace.Current?.Body = (etag, body);
            }
            await response.Body.WriteAsync(body, httpContext.RequestAborted).ConfigureAwait(false);
        }
    }
}
