using System.Text;
using System.Text.RegularExpressions;

namespace ECommerce.TestSupport;

/// <summary>
/// Finds statements with a parameter that got no value. EF Core's provider needs AllowUserVariables, so the driver
/// sends a misspelt <c>@name</c> as it is, and the server takes it for a user variable that is NULL. In the server's
/// log of statements the values of all other parameters have taken the place of their names.
/// </summary>
internal static partial class UnboundParameters
{
    /// <summary>The statements of a general log that name a user variable, each once.</summary>
    public static IReadOnlyCollection<string> Find(string generalLog)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var statement = new StringBuilder();
        // Values may be bytes of any kind; names are ASCII.
        foreach (var line in File.ReadLines(generalLog, Encoding.Latin1))
        {
            if (Entry().Match(line) is not { Success: true } entry)
            {
                statement.Append('\n').Append(line);
                continue;
            }
            Check();
            statement.Clear();
            if (entry.Groups["command"].Value is "Query" or "Execute")
                statement.Append(entry.Groups["text"].Value);
        }
        Check();
        return found;

        void Check()
        {
            var text = statement.ToString();
            if (text.Contains('@') && Variable().IsMatch(Literal().Replace(text, " ")))
                found.Add(text);
        }
    }

    [GeneratedRegex(@"^[^\t]*\t\s*\d+ (?<command>[A-Z][A-Za-z ]*)\t(?<text>.*)$")]
    private static partial Regex Entry();

    [GeneratedRegex(
        """'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`|--[^\n]*|/\*.*?\*/""", RegexOptions.Singleline)]
    private static partial Regex Literal();

    // The driver itself uses one variable, after a command was cancelled.
    [GeneratedRegex(@"(?<![@\w])@(?!__MySqlConnector__)[A-Za-z_]\w*")]
    private static partial Regex Variable();
}
