using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Programs;

/// <summary>Runs the callbacks of WithEnvironment and WithArgs and resolves what they left to be known at run time.</summary>
internal static class LaunchArguments
{
    public static async Task<Dictionary<string, string>> EnvironmentAsync(ResourceInstance instance, IServiceProvider services,
        Dictionary<string, object> defaults, CancellationToken cancellationToken)
    {
        foreach (var endpoint in instance.Resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint.PortVariable is { } variable)
                defaults[variable] = instance.Ports[endpoint.Name];
        }

        var context = new EnvironmentCallbackContext(services.GetRequiredService<DistributedApplicationExecutionContext>(),
            instance.Resource, defaults, cancellationToken);
        foreach (var annotation in instance.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context).ConfigureAwait(false);

        var resolved = new Dictionary<string, string>();
        foreach (var (name, value) in context.EnvironmentVariables)
            resolved[name] = await ResolveAsync(value, cancellationToken).ConfigureAwait(false);

        return resolved;
    }

    public static async Task<List<string>> ArgsAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var context = new CommandLineArgsCallbackContext([], cancellationToken);
        foreach (var annotation in instance.Resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
            await annotation.Callback(context).ConfigureAwait(false);

        var resolved = new List<string>();
        foreach (var value in context.Args)
            resolved.Add(await ResolveAsync(value, cancellationToken).ConfigureAwait(false));

        return resolved;
    }

    private static async ValueTask<string> ResolveAsync(object value, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(cancellationToken).ConfigureAwait(false) ?? "",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
