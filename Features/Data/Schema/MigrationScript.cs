using System.Reflection;

namespace ECommerce.Features.Data.Schema;

/// <summary>
/// One numbered script of the folder Migrations. Scripts are never changed once released: a change is a new script.
/// </summary>
internal sealed record MigrationScript(string Name, IReadOnlyList<string> Statements)
{
    private const string Prefix = "ECommerce.Features.Data.Migrations.";

    public static IReadOnlyList<MigrationScript> All { get; } = [.. Load()];

    private static IEnumerable<MigrationScript> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (
            var resource in assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return new MigrationScript(resource[Prefix.Length..^".sql".Length], [.. Split(reader.ReadToEnd())]);
        }
    }

    // Statement by statement: MySQL commits each DDL statement by itself, so a script must bear being run again from
    // its start anyway.
    private static IEnumerable<string> Split(string script)
    {
        var code = string.Join(
            '\n', script.Split('\n').Where(line => !line.TrimStart().StartsWith("--", StringComparison.Ordinal)));
        return code.Split(";\n").Select(statement => statement.Trim()).Where(statement => statement.Length > 0);
    }
}
