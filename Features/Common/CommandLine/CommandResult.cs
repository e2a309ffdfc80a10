using FluentValidation;
using Spectre.Console.Rendering;

namespace ECommerce.Features.Common.CommandLine;

/// <summary>What a command has done: one line, and for <c>--json</c> the values that programs read.</summary>
internal sealed record CommandResult(string Message, params (string Name, object? Value)[] Values)
{
    /// <summary>Whether it is done, but not every node is known to have it.</summary>
    public bool IsDeferred { get; init; }

    /// <summary>What people see before the line.</summary>
    public IRenderable? Shown { get; init; }
}

/// <summary>The command is refused, and nothing was changed. The message names what to do.</summary>
internal sealed class CommandRefusedException(string message) : Exception(message)
{
    public static void ThrowIfInvalid<T>(IValidator<T> validator, T request)
    {
        var errors = validator.Validate(request).Errors;
        if (errors.Count > 0)
        {
            // Only the messages of FluentValidation itself name what they are about.
            throw new CommandRefusedException(string.Join(' ', errors.Select(error =>
                error.ErrorMessage.Contains($"'{error.PropertyName}'", StringComparison.OrdinalIgnoreCase)
                    ? error.ErrorMessage
                    : $"{error.PropertyName} {error.ErrorMessage}").Distinct()));
        }
    }
}
