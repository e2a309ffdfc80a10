using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ECommerce.TestSupport;

/// <summary>The log of a node.</summary>
internal sealed class LogRecorder : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, string? Event, string Text)> _lines = new();

    public (LogLevel Level, string? Event, string Text)[] Lines(string eventName) =>
        [.. _lines.Where(line => line.Event == eventName)];

    public string All => string.Join('\n', _lines.Select(line => line.Text));

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, eventId.Name, formatter(state, exception)));

    public void Dispose()
    {
    }
}
