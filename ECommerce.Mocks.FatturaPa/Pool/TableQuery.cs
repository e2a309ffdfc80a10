using System.Globalization;
using System.Text.RegularExpressions;

namespace ECommerce.Mocks.FatturaPa.Pool;

/// <summary>The part of the query language of Azure's tables that clients of the provider use.</summary>
internal static partial class TableQuery
{
    /// <summary>The entries of one page; null: the query is not understood.</summary>
    public static IReadOnlyList<PoolEntry>? Page(
        IReadOnlyList<PoolEntry> entries, IQueryCollection query, int size, out PoolEntry? next)
    {
        next = null;
        var rows = entries.AsEnumerable();
        foreach (var condition in Conditions(query["$filter"].ToString()))
        {
            if (Condition().Match(condition) is not { Success: true } match || Field(match) is not { } field)
                return null;
            var (operation, value) = (match.Groups[2].Value, match.Groups[3].Value.Replace("''", "'"));
            rows = rows.Where(entry => Holds(string.CompareOrdinal(field(entry), value), operation));
        }
        if (query["NextRowKey"].ToString() is { Length: > 0 } from)
        {
            var partition = query["NextPartitionKey"].ToString();
            rows = rows.Where(
                entry => entry.PartitionKey == partition && string.CompareOrdinal(entry.RowKey, from) >= 0);
        }
        if (int.TryParse(query["$top"], CultureInfo.InvariantCulture, out var top))
            size = Math.Min(size, Math.Max(1, top));
        var page = rows.Take(size + 1).ToArray();
        if (page.Length <= size)
            return page;
        next = page[^1];
        return page[..^1];
    }

    private static string[] Conditions(string filter) => filter.Length == 0 ? [] : filter.Split(" and ");

    private static Func<PoolEntry, string>? Field(Match match) => match.Groups[1].Value switch
    {
        "PartitionKey" => static entry => entry.PartitionKey,
        "RowKey" => static entry => entry.RowKey,
        "IdentificativoSdI" => static entry => entry.SdiId,
        "NomeFile" => static entry => entry.FileName,
        "Direzione" => static entry => entry.Direction,
        "Tipo" => static entry => entry.Kind,
        _ => null,
    };

    private static bool Holds(int order, string operation) => operation switch
    {
        "eq" => order == 0,
        "ne" => order != 0,
        "gt" => order > 0,
        "ge" => order >= 0,
        "lt" => order < 0,
        _ => order <= 0,
    };

    [GeneratedRegex(@"^\s*\(?\s*(\w+) (eq|ne|gt|ge|lt|le) '((?:[^']|'')*)'\s*\)?\s*\z")]
    private static partial Regex Condition();
}
