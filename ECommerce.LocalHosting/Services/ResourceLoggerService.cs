using System.Collections.Concurrent;
using System.Globalization;
using Aspire.Hosting.Engine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The console logs: of each instance under its id, and of all instances of a resource under its name.</summary>
public class ResourceLoggerService
{
    private readonly ConcurrentDictionary<string, ConsoleLog> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly SecretMask _mask;
    private readonly TimeProvider _time;
    private readonly EngineSettings _settings;
    private readonly ILoggerFactory _hostLog;
    private readonly string _category;

    internal ResourceLoggerService(SecretMask mask, TimeProvider time, EngineSettings settings, IHostEnvironment environment,
        ILoggerFactory hostLog)
    {
        _mask = mask;
        _time = time;
        _settings = settings;
        _hostLog = hostLog;
        _category = environment.ApplicationName;
    }

    public ILogger GetLogger(IResource resource) => GetLogger(resource.Name);

    public ILogger GetLogger(string resourceName) => new ResourceLogger(this, resourceName);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource) => WatchAsync(resource.Name);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => Of(resourceName).WatchAsync(CancellationToken.None);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource) => GetAllAsync(resource.Name);

    public IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName) => new[] { All(resourceName) }.ToAsyncEnumerable();

    internal IReadOnlyList<LogLine> All(string resourceName) => Of(resourceName).All();

    internal void Forward(string instanceId, string resourceName) => _names[instanceId] = resourceName;

    internal void Append(string key, string text, bool isError)
    {
        var masked = _mask.Apply(text);
        var line = _time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture) + " " + masked;
        Of(key).Append(line, isError);
        var name = _names.GetValueOrDefault(key, key);
        if (name != key)
            Of(name).Append(line, isError);

        if (!_settings.LogResources)
            return;

        var logger = _hostLog.CreateLogger($"{_category}.Resources.{name}");
        Engine.Log.ResourceLine(logger, isError ? LogLevel.Error : LogLevel.Information, masked);
    }

    internal void Progress(string key, string message) => Engine.Log.Progress(HostLog, key, message);

    internal void Failure(string key, string problem) => Engine.Log.Failure(HostLog, key, _mask.Apply(problem));

    private ILogger HostLog => _hostLog.CreateLogger<DistributedApplication>();

    private ConsoleLog Of(string name) => _logs.GetOrAdd(name, static _ => new ConsoleLog());

    private sealed class ResourceLogger(ResourceLoggerService service, string key) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?,
            string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                service.Append(key, exception is null ? formatter(state, null) : $"{formatter(state, exception)} {exception.Message}",
                    logLevel >= LogLevel.Warning);
            }
        }
    }
}
