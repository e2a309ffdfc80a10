namespace ECommerce.AppHost.Hosting;

/// <summary>The system cannot start as it was asked to. The message is one line that says what to do.</summary>
internal sealed class StartupException(string message, Exception? cause = null) : Exception(message, cause);
