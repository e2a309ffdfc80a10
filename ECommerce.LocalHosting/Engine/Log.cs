using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Engine;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Distributed application starting.")]
    public static partial void Starting(ILogger logger);

    [LoggerMessage(2, LogLevel.Information, "Application host directory is: {Directory}")]
    public static partial void HostDirectory(ILogger logger, string directory);

    [LoggerMessage(3, LogLevel.Information, "Distributed application started. Press Ctrl+C to shut down.")]
    public static partial void Started(ILogger logger);

    [LoggerMessage(4, LogLevel.Information, "{Resource}: {State}")]
    public static partial void StateChanged(ILogger logger, string resource, string state);

    [LoggerMessage(5, LogLevel.Information,
        "Missing programs: installing {Packages} with apt-get (--no-install refuses). This takes a minute or two.")]
    public static partial void Installing(ILogger logger, string packages);

    [LoggerMessage(6, LogLevel.Error, "apt-get {Command} ended with code {ExitCode}.")]
    public static partial void AptFailed(ILogger logger, string command, int exitCode);

    [LoggerMessage(7, LogLevel.Information, "{Resource}: {Message}")]
    public static partial void Progress(ILogger logger, string resource, string message);

    [LoggerMessage(8, LogLevel.Information, "Now listening on: {Url}")]
    public static partial void Listening(ILogger logger, string url);

    [LoggerMessage(9, LogLevel.Information, "Login to the dashboard at {Url}")]
    public static partial void Login(ILogger logger, string url);

    [LoggerMessage(10, LogLevel.Error, "{Resource}: {Problem}")]
    public static partial void Failure(ILogger logger, string resource, string problem);

    [LoggerMessage(EventId = 11, Message = "{Line}")]
    public static partial void ResourceLine(ILogger logger, LogLevel level, string line);
}
