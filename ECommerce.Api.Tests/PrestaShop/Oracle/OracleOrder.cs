using System.Globalization;
using System.Text.Json;

namespace ECommerce.Api.Tests.PrestaShop.Oracle;

/// <summary>A net and a gross amount.</summary>
internal readonly record struct Pair(string Net, string Gross)
{
    public (decimal Net, decimal Gross) Values => (Value(Net), Value(Gross));

    public static Pair Parse(string text) => text.Split('/') is [var net, var gross] ? new(net, gross) : new("0", "0");

    public static decimal Value(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}

/// <summary>
/// A line as the shop serves it: <c>quantity*unit</c>, and with a letter before them its taxes (t), how they are
/// combined (m), its ecotax (e) and its total (=).
/// </summary>
internal sealed record OracleLine(string Quantity, Pair Unit, IReadOnlyDictionary<char, string> Parts)
{
    public Pair Total => Pair.Parse(Parts.GetValueOrDefault('=', ""));

    public string Taxes => JsonSerializer.Serialize(
        Parts.GetValueOrDefault('t', "").Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => new Dictionary<string, string> { ["id"] = id }));

    public static IReadOnlyList<OracleLine> ParseAll(string text)
    {
        var lines = new List<OracleLine>();
        var parts = new Dictionary<char, string>();
        foreach (var word in text.Split(' '))
        {
            if (word.Contains('*', StringComparison.Ordinal))
            {
                parts = [];
                lines.Add(new OracleLine(word.Split('*')[0], Pair.Parse(word.Split('*')[1]), parts));
            }
            else
            {
                parts[word[0]] = word[1..];
            }
        }
        return lines;
    }
}

/// <summary>
/// One order of <c>orders.csv</c>: what the shop has, and what the import must make of it by the rule that it names.
/// The amounts are written down, not computed.
/// </summary>
internal sealed record OracleOrder(IReadOnlyDictionary<string, string> Fields)
{
    public int Id => int.Parse(this["no"], CultureInfo.InvariantCulture);

    public bool HasDetails => this["from"] == "details";

    public IReadOnlyList<OracleLine> Lines => OracleLine.ParseAll(this["lines"]);

    public IEnumerable<(Pair Amount, decimal Rate)> ExpectedLines => this["expected_lines"].Split(' ')
        .Select(line => line.Split('@')).Select(parts => (Pair.Parse(parts[0]), Pair.Value(parts[1])));

    public string[] Warnings => this["warnings"].Split(',', StringSplitOptions.RemoveEmptyEntries);

    public string this[string field] => Fields[field];

    public Pair Amounts(string field) => Pair.Parse(this[field]);

    public static IReadOnlyList<OracleOrder> ReadAll()
    {
        var rows = File.ReadAllLines(
            Path.Combine(RepositoryRoot.Path, "ECommerce.Api.Tests", "PrestaShop", "Oracle", "orders.csv"));
        var names = rows[0].Split(';');
        return [.. rows.Skip(1).Select(row => new OracleOrder(
            names.Zip(row.Split(';')).ToDictionary(pair => pair.First, pair => pair.Second)))];
    }
}
