using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ECommerce.ServiceDefaults.Telemetry;

/// <summary>
/// <c>LOG_FILE</c>: the same JSON lines appended to a file. <c>{pid}</c> in the name is replaced by the process id, so
/// that each replica writes a file of its own.
/// </summary>
[ProviderAlias("File")]
internal sealed class LogFile : ILoggerProvider, ISupportExternalScope
{
    private const string Setting = "LOG_FILE";

    // A slow disk loses lines; it costs neither memory nor the time of requests.
    private const int MaxPending = 10_000;

    private readonly JsonLogFormatter _formatter;
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new();
    private readonly Channel<string> _lines = Channel.CreateBounded<string>(
        new BoundedChannelOptions(MaxPending) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Task _writing;
    private IExternalScopeProvider? _scopes;

    private LogFile(StreamWriter file, TimeProvider time)
    {
        _formatter = new JsonLogFormatter(time);
        _writing = Task.Run(() => WriteAsync(file));
    }

    /// <summary>Null if the setting is absent.</summary>
    /// <exception cref="OptionsValidationException">The file cannot be written.</exception>
    public static LogFile? Open(IConfiguration configuration, TimeProvider time)
    {
        if (configuration[Setting] is not { Length: > 0 } text)
            return null;
        var path = text.Replace("{pid}", $"{Environment.ProcessId}", StringComparison.Ordinal);
        try
        {
            return new LogFile(
                new StreamWriter(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)), time);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new OptionsValidationException(
                Setting, typeof(string), [$"{Setting} is '{text}' and cannot be written: {exception.Message}"]);
        }
    }

    public ILogger CreateLogger(string categoryName) =>
        _loggers.GetOrAdd(categoryName, static (category, file) => new Logger(file, category), this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        // Pending lines are still written; a disk that hangs must not keep the process alive.
        _lines.Writer.TryComplete();
        _writing.Wait(TimeSpan.FromSeconds(2));
    }

    private async Task WriteAsync(StreamWriter file)
    {
        await using (file)
        {
            while (await _lines.Reader.WaitToReadAsync())
            {
                try
                {
                    while (_lines.Reader.TryRead(out var line))
                        await file.WriteAsync(line);
                    await file.FlushAsync();
                }
                catch (IOException)
                {
                    // A full disk: these lines are lost, the console still has them.
                }
            }
        }
    }

    private sealed class Logger(LogFile file, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => file._scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            using var line = new StringWriter();
            var entry = new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter);
            file._formatter.Write(entry, file._scopes, line);
            file._lines.Writer.TryWrite(line.ToString());
        }
    }
}
