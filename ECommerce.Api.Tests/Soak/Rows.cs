using System.Text.Json;

namespace ECommerce.Api.Tests.Soak;

/// <summary>
/// The rows of a response: of each its version, and of the customers in orders the version in their names.
/// </summary>
internal static class Rows
{
    private static readonly Kind[] Kinds = Enum.GetValues<Kind>();

    public static IReadOnlyList<(Entity Entity, long Version)> In(string path, JsonElement root)
    {
        var kind = Kinds.Single(kind => path.StartsWith(Entity.ListOf(kind), StringComparison.Ordinal));
        var rows = new List<(Entity, long)>();
        if (root.TryGetProperty("items", out var items))
        {
            foreach (var item in items.EnumerateArray())
                Add(item);
        }
        else
        {
            Add(root);
        }
        return rows;

        void Add(JsonElement row)
        {
            rows.Add((new Entity(kind, row.GetProperty("id").GetInt64()), row.GetProperty("row_version").GetInt64()));
            if (kind != Kind.Order)
                return;
            var name = row.TryGetProperty("customer_lastname", out var shown)
                ? shown
                : row.GetProperty("customer").GetProperty("lastname");
            rows.Add(
                (new Entity(Kind.Customer, row.GetProperty("customer_id").GetInt64()),
                    long.Parse(name.GetString()![Entity.NamePrefix.Length..])));
        }
    }

    /// <summary>The layer that served a response, by its <c>Cache-Status</c>.</summary>
    public static string LayerOf(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Cache-Status", out var values))
            return "none";
        var status = values.Single();
        return status[(status.LastIndexOf('=') + 1)..]; // detail=… or fwd=miss
    }
}
