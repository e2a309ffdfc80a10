using Aspire.Hosting.Engine;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.ApplicationModel;

public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }

    public bool Canceled { get; init; }

    public string? ErrorMessage { get; init; }
}

public static class CommandResults
{
    public static ExecuteCommandResult Success() => new() { Success = true };

    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, ErrorMessage = errorMessage };
}

public class ResourceCommandService
{
    // Resolved late: the orchestrator is made when the application starts.
    private readonly IServiceProvider _services;

    internal ResourceCommandService(IServiceProvider services) => _services = services;

    private Orchestrator Orchestrator => _services.GetRequiredService<Orchestrator>();

    /// <summary>By instance id, or by name where the resource has one instance only.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName,
        CancellationToken cancellationToken = default) =>
        Orchestrator.Find(resourceId) is { } instance
            ? await ExecuteAsync(instance, commandName, cancellationToken).ConfigureAwait(false)
            : CommandResults.Failure($"Resource '{resourceId}' not found.");

    /// <summary>On all instances in parallel.</summary>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName,
        CancellationToken cancellationToken = default)
    {
        var instances = Orchestrator.InstancesOf(resource);
        if (instances.Count == 0)
            return CommandResults.Failure($"Resource '{resource.Name}' has no commands.");

        var results = await Task.WhenAll(instances.Select(instance => ExecuteAsync(instance, commandName, cancellationToken)))
            .ConfigureAwait(false);
        return results.FirstOrDefault(result => !result.Success) ?? CommandResults.Success();
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(ResourceInstance instance, string commandName, CancellationToken cancellationToken)
    {
        _services.GetRequiredService<ResourceNotificationService>().TryGetCurrentState(instance.Id, out var current);
        var state = current?.Snapshot.State?.Text;
        if (!ResourceCommandRules.Enabled(state).Contains(commandName))
            return CommandResults.Failure($"Command '{commandName}' is not available for '{instance.Id}' in the '{state}' state.");

        instance.Tell($"Executing command '{commandName}'.");
        if (commandName != KnownResourceCommands.StartCommand)
            await instance.StopAsync(cancellationToken).ConfigureAwait(false);

        if (commandName != KnownResourceCommands.StopCommand)
        {
            instance.SkipWaiting();
            await instance.StartAsync(cancellationToken).ConfigureAwait(false);
        }

        return CommandResults.Success();
    }
}

internal static class ResourceCommandRules
{
    public static string[] Enabled(string? state) =>
        state == KnownResourceStates.Running ? [KnownResourceCommands.StopCommand, KnownResourceCommands.RestartCommand]
        : state == KnownResourceStates.Waiting || state == KnownResourceStates.NotStarted || KnownResourceStates.TerminalStates.Contains(state)
            ? [KnownResourceCommands.StartCommand]
            : [];
}
