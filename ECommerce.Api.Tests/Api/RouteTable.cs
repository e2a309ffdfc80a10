using System.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Api;

/// <summary>The routes of the API as they are mapped.</summary>
internal static class RouteTable
{
    public static IReadOnlyList<RouteEndpoint> Of(ApiFixture fixture) =>
    [
        .. fixture.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(
                endpoint =>
                    endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("api/v1", StringComparison.Ordinal)),
    ];

    public static string Method(this RouteEndpoint endpoint) =>
        endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Single();

    public static string Path(this RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');

    public static MethodInfo Handler(this RouteEndpoint endpoint) =>
        endpoint.Metadata.GetRequiredMetadata<MethodInfo>();
}
