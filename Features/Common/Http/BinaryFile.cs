using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace ECommerce.Features.Common.Http;

/// <summary>A response with the bytes of a file, which a browser stores and does not show.</summary>
/// <param name="content">What is written.</param>
/// <param name="type">The media type.</param>
/// <param name="name">Under which a browser stores it; it may be a name of others.</param>
internal sealed class BinaryFile(byte[] content, string type, string name)
    : IResult, IValueHttpResult, IStatusCodeHttpResult, IContentTypeHttpResult, IEndpointMetadataProvider
{
    public object Value => content;

    public int? StatusCode => StatusCodes.Status200OK;

    public string ContentType => type;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = type;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(name);
        response.Headers.ContentDisposition = disposition.ToString();
        return response.Body.WriteAsync(content, httpContext.RequestAborted).AsTask();
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(byte[])));
}
