using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Fuzz;

/// <summary>The rows that exist as far as the accepted writes tell, each as the last of them returned it.</summary>
internal sealed class KnownRows
{
    private readonly Dictionary<string, Dictionary<long, JsonNode>> _rows = [];

    /// <summary>A refresh token that was not used yet.</summary>
    public string RefreshToken { get; set; } = "none";

    public IEnumerable<(string Collection, long Id, JsonNode Row)> All =>
        _rows.SelectMany(rows => rows.Value.Select(row => (rows.Key, row.Key, row.Value)));

    public JsonNode? Find(string collection, long id) =>
        _rows.TryGetValue(collection, out var rows) ? rows.GetValueOrDefault(id) : null;

    public void Set(string collection, JsonNode row)
    {
        if (!_rows.TryGetValue(collection, out var rows))
            _rows[collection] = rows = [];
        rows[(long)row["id"]!] = row;
    }

    /// <summary>The ids of the rows of which a member has a value.</summary>
    public long[] Of(string collection, string member, long value) =>
        [.. All.Where(row => row.Collection == collection && (long?)row.Row[member] == value).Select(row => row.Id)];

    public void Remove(string collection, long id) => _rows[collection].Remove(id);

    /// <summary>The id of some row; null where there is none.</summary>
    public long? Any(string collection, Random random) =>
        _rows.TryGetValue(collection, out var rows) && rows.Count > 0
            ? rows.Keys.ElementAt(random.Next(rows.Count))
            : null;
}
