using System.CommandLine;
using System.Diagnostics.CodeAnalysis;

namespace ECommerce.Features.Common.CommandLine;

/// <summary>A command whose help ends with examples.</summary>
[SuppressMessage("Design", "CA1010", Justification = "Command is a collection for its initializer only.")]
public sealed class ApiCommand(string name, string description, params IEnumerable<string> examples)
    : Command(name, description)
{
    /// <summary>What stands behind <c>dotnet run --project ECommerce.Api --</c>.</summary>
    public IReadOnlyList<string> Examples { get; } = [.. examples];
}
