namespace Aspire.Hosting.ApplicationModel;

internal static class ModelName
{
    private const int MaxLength = 64;

    public static void Validate(string target, string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        if (Problem(name) is { } problem)
            throw new ArgumentException($"{target} name '{name}' is invalid. Name must {problem}.", nameof(name));
    }

    private static string? Problem(string name) => name switch
    {
        { Length: < 1 or > MaxLength } => $"be between 1 and {MaxLength} characters long",
        _ when !char.IsAsciiLetter(name[0]) => "start with an ASCII letter",
        _ when name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-') => "contain only ASCII letters, digits, and hyphens",
        _ when name.EndsWith('-') => "not end with a hyphen",
        _ when name.Contains("--", StringComparison.Ordinal) => "not contain consecutive hyphens",
        _ => null,
    };
}
