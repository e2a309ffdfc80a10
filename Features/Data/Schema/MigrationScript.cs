using System.Reflection;
using System.Text.RegularExpressions;

namespace ECommerce.Features.Data.Schema;

/// <summary>
/// One numbered script of the folder Migrations. Scripts are never changed once released: a change is a new script.
/// A script that changes rows begins with a line that names the tags of what is cached of them, those of each tenant
/// with <c>{tenant}</c> in its place: <c>-- invalidates: order:{tenant}:*, orders:any:{tenant}</c>.
/// </summary>
internal sealed partial record MigrationScript(string Name, IReadOnlyList<string> Statements)
{
    private const string Prefix = "ECommerce.Features.Data.Migrations.";
    private const string Header = "-- invalidates:";

    public static IReadOnlyList<MigrationScript> All { get; } = [.. Load()];

    public string FileName => Name + ".sql";

    /// <summary>The tags of the first line, or none. <c>{tenant}</c> stands for each tenant.</summary>
    public IReadOnlyList<string> Invalidates { get; private init; } = [];

    /// <exception cref="FormatException">The tags are not in the first line.</exception>
    public static MigrationScript Parse(string name, string text)
    {
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        if (lines.Skip(1).Any(line => line.StartsWith(Header, StringComparison.OrdinalIgnoreCase)))
            throw new FormatException($"Migration {name}.sql: '{Header}' belongs into the first line.");
        return new MigrationScript(name, [.. Split(lines)])
        {
            Invalidates = lines[0].StartsWith(Header, StringComparison.OrdinalIgnoreCase)
                ? lines[0][Header.Length..]
                    .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                : [],
        };
    }

    /// <summary>
    /// The tables, of those given, whose rows the script changes. For a statement other than INSERT these are all that
    /// it names: one too many costs some cached values, one too few shows old ones.
    /// </summary>
    public IEnumerable<string> ChangedTables(IEnumerable<string> tables) =>
        tables.Where(table => Statements.SelectMany(
            statement => statement.Split(';', StringSplitOptions.TrimEntries)).Any(part => Changes(part, table)));

    private static bool Changes(string statement, string table) =>
        Insert().Match(statement) is { Success: true } insert
            ? insert.Groups["table"].Value.Equals(table, StringComparison.OrdinalIgnoreCase)
            : Change().IsMatch(statement)
                && Regex.IsMatch(statement, $@"\b{table}\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static IEnumerable<MigrationScript> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (
            var resource in assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return Parse(resource[Prefix.Length..^".sql".Length], reader.ReadToEnd());
        }
    }

    // Statement by statement: MySQL commits each DDL statement by itself, so a script must bear being run again from
    // its start anyway.
    private static IEnumerable<string> Split(string[] lines)
    {
        var code = string.Join('\n', lines.Where(line => !line.StartsWith("--", StringComparison.Ordinal)));
        return code.Split(";\n").Select(statement => statement.Trim()).Where(statement => statement.Length > 0);
    }

    [GeneratedRegex(
        @"^(INSERT|REPLACE)\s+((LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE)\s+)*(INTO\s+)?(`?\w+`?\.)?`?(?<table>\w+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Insert();

    [GeneratedRegex(
        @"^(UPDATE|DELETE|TRUNCATE|LOAD|WITH)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Change();
}
