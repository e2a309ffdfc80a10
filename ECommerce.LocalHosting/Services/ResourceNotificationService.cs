using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.Engine;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The one truth about the state of every resource: waits, tests and the dashboard all read it here.</summary>
public partial class ResourceNotificationService : IDisposable
{
    private static readonly CustomResourceSnapshot Nothing = new() { ResourceType = "Unknown", Properties = [] };

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ChannelWriter<ResourceEvent>> _watchers = [];
    private readonly EngineSettings _settings;
    private readonly ResourceLoggerService _loggers;
    private readonly ILogger<DistributedApplication> _log;

    internal ResourceNotificationService(EngineSettings settings, ResourceLoggerService loggers, ILogger<DistributedApplication> log)
    {
        _settings = settings;
        _loggers = loggers;
        _log = log;
    }

    public bool TryGetCurrentState(string resourceId, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_lock)
            return _current.TryGetValue(resourceId, out resourceEvent);
    }

    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory) =>
        PublishUpdateAsync(resource, resource.Name, stateFactory);

    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ResourceStateSnapshot? before;
        ResourceEvent change;
        lock (_lock)
        {
            var previous = _current.GetValueOrDefault(resourceId)?.Snapshot ?? Nothing;
            before = previous.State;
            change = new(resource, resourceId, stateFactory(previous));
            _current[resourceId] = change;
            foreach (var watcher in _watchers)
                watcher.TryWrite(change);
        }

        if (change.Snapshot.State is { } state && state.Text != before?.Text && resource is not ParameterResource)
            Log.StateChanged(_log, resourceId, state.Text);

        return Task.CompletedTask;
    }

    /// <summary>All current states first, then every change, in order.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateUnbounded<ResourceEvent>();
        lock (_lock)
        {
            foreach (var current in _current.Values)
                channel.Writer.TryWrite(current);

            _watchers.Add(channel.Writer);
        }

        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return change;
        }
        finally
        {
            lock (_lock)
                _watchers.Remove(channel.Writer);
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _watchers.ForEach(watcher => watcher.TryComplete());

        GC.SuppressFinalize(this);
    }

    private List<ResourceEvent> InstancesOf(IResource resource)
    {
        lock (_lock)
            return [.. _current.Values.Where(current => ReferenceEquals(current.Resource, resource))];
    }
}
