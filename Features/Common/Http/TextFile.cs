using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace ECommerce.Features.Common.Http;

/// <summary>A response with a text that is no JSON, in UTF-8. As other values it gets an entity tag.</summary>
/// <param name="text">What is written.</param>
/// <param name="type">The media type.</param>
/// <param name="name">Under which name a browser stores it; null: it is shown.</param>
internal sealed class TextFile(string text, string type, string? name)
    : IResult, IValueHttpResult, IStatusCodeHttpResult, IContentTypeHttpResult, IEndpointMetadataProvider
{
    /// <summary>For a page: what it may load and run.</summary>
    public string? ContentSecurityPolicy { get; init; }

    public object Value => text;

    public int? StatusCode => StatusCodes.Status200OK;

    public string ContentType => type;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = type;
        if (name is not null)
        {
            response.Headers.ContentDisposition =
                new ContentDispositionHeaderValue("attachment") { FileName = name }.ToString();
        }
        if (ContentSecurityPolicy is not null)
            response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        return response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), httpContext.RequestAborted).AsTask();
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string)));
}
