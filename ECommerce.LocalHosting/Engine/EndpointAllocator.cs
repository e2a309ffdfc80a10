using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Engine;

/// <summary>Gives every endpoint its addresses before anything starts, so that everybody can be told everybody's.</summary>
internal sealed class EndpointAllocator(EngineSettings settings) : IAsyncDisposable
{
    private readonly List<TcpProxy> _proxies = [];
    private readonly List<int> _ports = [];

    public void Allocate(IResource resource, IReadOnlyList<ResourceInstance> instances)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (instances.Count > 1 && (endpoint.TargetPort is not null || !endpoint.IsProxied))
            {
                throw new DistributedApplicationException(
                    $"Resource '{resource.Name}' uses multiple replicas, so its endpoint '{endpoint.Name}' needs a proxy and cannot have a target port.");
            }

            if (endpoint.IsProxied)
                AllocateProxied(resource, endpoint, instances);
            else
                AllocateDirect(resource, endpoint, instances[0]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies)
            await proxy.DisposeAsync().ConfigureAwait(false);

        Ports.Return(_ports);
    }

    private void AllocateProxied(IResource resource, EndpointAnnotation endpoint, IReadOnlyList<ResourceInstance> instances)
    {
        foreach (var instance in instances)
            instance.Ports[endpoint.Name] = endpoint.TargetPort ?? TakePort();

        var port = PublicPort(endpoint) ?? TakePort();
        var proxy = new TcpProxy(Listen(resource, endpoint, port), () => Targets(endpoint, instances));
        _proxies.Add(proxy);
        proxy.Start();
        endpoint.AllocatedEndpoint = new(endpoint, "localhost", port);
    }

    // 127.0.0.1, not localhost: these programs listen on IPv4 only, and not every client goes on after ::1 has refused.
    private void AllocateDirect(IResource resource, EndpointAnnotation endpoint, ResourceInstance instance)
    {
        var port = PublicPort(endpoint) ?? TakePort();
        foreach (var listener in Listen(resource, endpoint, port))
            listener.Dispose();

        instance.Ports[endpoint.Name] = port;
        endpoint.AllocatedEndpoint = new(endpoint, "127.0.0.1", port);
    }

    private static List<int> Targets(EndpointAnnotation endpoint, IReadOnlyList<ResourceInstance> instances)
    {
        var running = instances.Where(instance => instance.AcceptsConnections).ToList();
        var healthy = running.Where(instance => instance.Problem is null).ToList();
        return [.. (healthy.Count > 0 ? healthy : running).Select(instance => instance.Ports[endpoint.Name])];
    }

    private static IReadOnlyList<Socket> Listen(IResource resource, EndpointAnnotation endpoint, int port)
    {
        try
        {
            return Ports.Listen(port);
        }
        catch (SocketException error)
        {
            throw new DistributedApplicationException(
                $"Port {port} (endpoint '{endpoint.Name}' of '{resource.Name}') cannot be used: {error.Message}. "
                + "Stop the program that uses it, or give the resource another port.", error);
        }
    }

    private int? PublicPort(EndpointAnnotation endpoint) => settings.RandomizePorts ? null : endpoint.Port;

    private int TakePort()
    {
        var port = Ports.Take();
        _ports.Add(port);
        return port;
    }
}
