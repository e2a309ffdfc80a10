namespace ECommerce.AppHost.Hosting;

/// <summary>The system cannot start as it was asked to. The message is one line that names the remedy.</summary>
internal sealed class StartupException(string message, Exception? cause = null) : Exception(message, cause);
