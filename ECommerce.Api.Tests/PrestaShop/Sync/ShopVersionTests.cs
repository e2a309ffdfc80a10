using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.PrestaShop.Sync;

/// <summary>One shop, as the versions of PrestaShop that are in use show it.</summary>
public sealed class ShopVersionTests(ApiFixture fixture)
{
    [Fact]
    public async Task Shop_is_the_same_whatever_its_version()
    {
        var imported = new Dictionary<string, string>();
        foreach (var version in (string[])["1.6", "1.7", "8.0", "8.2", "9.0"])
        {
            await using var shop = await SyncedShop.StartAsync(fixture, ("profile", version), ("languages", "1"));
            var run = await shop.SucceedAsync();
            Assert.Equal(0, (int)run["warned"]!);
            imported[version] = await TextAsync(shop);
        }

        Assert.All(imported, text => Assert.Equal(imported["8.2"], text.Value));
        Assert.Contains("total_paid", imported["8.2"], StringComparison.Ordinal);
    }

    // Without what differs from shop to shop: the ids here, and how often a row was written.
    private static async Task<string> TextAsync(SyncedShop shop)
    {
        var lines = new List<string>();
        foreach (var kind in (string[])["products", "customers", "orders"])
        {
            for (var origin = 1; origin <= 12; origin++)
            {
                if (await shop.RowAsync(kind, origin) is { } row)
                    lines.Add($"{kind} {origin}: {Plain(row).ToJsonString()}");
            }
        }
        return string.Join('\n', lines);
    }

    private static JsonNode Plain(JsonNode node)
    {
        switch (node)
        {
            case JsonObject row:
                foreach (var (name, value) in row.ToArray())
                {
                    if (IsLocal(name))
                        row.Remove(name);
                    else if (value is not null)
                        row[name] = Plain(value.DeepClone());
                }
                return row;
            case JsonArray rows:
                return new JsonArray([.. rows.Select(row => row is null ? null : Plain(row.DeepClone()))]);
            default:
                return node;
        }
    }

    private static bool IsLocal(string field) =>
        field is "row_version" or "id" || (field != "origin_id" && field.EndsWith("_id", StringComparison.Ordinal));
}
