using System.Collections.Immutable;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Engine;

internal static class InitialSnapshot
{
    public static CustomResourceSnapshot Of(IResource resource, DateTime now) => new()
    {
        ResourceType = TypeOf(resource),
        Properties = [],
        CreationTimeStamp = now,
        State = resource switch
        {
            ParameterResource => KnownResourceStates.Running,
            _ when resource.Annotations.OfType<WaitAnnotation>().Any() || resource is IResourceWithParent => KnownResourceStates.Waiting,
            _ => KnownResourceStates.Starting,
        },
        HealthReports = resource is MySqlDatabaseResource ? [new($"{resource.Name}_check", null, null, null)] : [],
    };

    /// <summary>The public URL of each endpoint, and as an internal one the instance's own, so that tests can tell replicas apart.</summary>
    public static ImmutableArray<UrlSnapshot> UrlsOf(ResourceInstance instance) =>
    [
        .. instance.Resource.Annotations.OfType<EndpointAnnotation>().SelectMany(endpoint =>
        {
            var own = instance.Ports[endpoint.Name].ToString(CultureInfo.InvariantCulture);
            var allocated = endpoint.AllocatedEndpoint!;
            UrlSnapshot[] urls =
            [
                new(endpoint.Name, allocated.UriString, IsInternal: false),
                new(endpoint.Name, $"{allocated.UriScheme}://{allocated.Address}:{own}", IsInternal: true),
            ];
            return urls;
        }),
    ];

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ExecutableResource => "Executable",
        ParameterResource => "Parameter",
        RedisResource => "Redis",
        MySqlServerResource => "MySQL",
        MySqlDatabaseResource => "MySQL database",
        _ => resource.GetType().Name,
    };
}
