using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Orders;

/// <summary>Who changed what of an order, and when.</summary>
public sealed class OrderHistoryTests(ApiFixture fixture)
{
    private readonly HttpClient _writer = fixture.As("acme.ordini");

    [Fact]
    public async Task Changed_fields_are_shown_with_their_values_their_user_and_their_time()
    {
        var order = await _writer.OrderAsync();
        var path = $"/api/v1/orders/{order["id"]}";
        Assert.Single(await StepsAsync(path));

        await _writer.JsonAsync(HttpMethod.Patch, path, new { notes = "Fragile" });
        await fixture.As("acme.admin").JsonAsync(HttpMethod.Patch, path, new { notes = "Al piano", assigned_to = 1 });

        var steps = await StepsAsync(path);
        Assert.Equal(["field", "field", "field", "state"], steps.Select(step => (string?)step["type"]));
        var fields = steps.Where(step => (string?)step["type"] == "field").ToArray();
        Assert.Equal(
            [("assigned_to", null, "1"), ("notes", "Fragile", "Al piano"), ("notes", null, "Fragile")],
            fields.OrderBy(step => (string?)step["username"]).ThenBy(step => (string?)step["field"]).Select(Values));
        Assert.Equal(
            ["acme.admin", "acme.admin", "acme.ordini"], fields.Select(step => (string?)step["username"]));
        Assert.All(steps, step => Assert.NotNull(step["date_add"]));
    }

    [Fact]
    public async Task Replaced_order_shows_lines_and_totals_before_and_after()
    {
        var order = await _writer.OrderAsync();
        var path = $"/api/v1/orders/{order["id"]}";
        await _writer.GetJsonAsync($"{path}/history");

        await _writer.PutJsonAsync(path, new
        {
            customer_id = (long)order["customer_id"]!,
            is_paid = true,
            lines = new[]
            {
                new { product_name = "Servizio", product_quantity = 1, unit_price_tax_excl = 10m },
                new { product_name = "Montaggio", product_quantity = 2, unit_price_tax_excl = 2.5m },
            },
        });

        var changes = (await StepsAsync(path)).Where(step => (string?)step["type"] == "field").Select(Values).ToArray();
        Assert.Contains(("lines", "1 x Servizio 10.00", "1 x Servizio 10.00; 2 x Montaggio 2.50"), changes);
        Assert.Contains(("total_paid", "12.20", "18.30"), changes);
        Assert.Contains(("is_paid", "false", "true"), changes);
        Assert.DoesNotContain(changes, change => change.Field is "row_version" or "date_upd" or "reference");
    }

    [Fact]
    public async Task State_comes_before_the_fields_that_changed_with_it()
    {
        var order = await _writer.OrderAsync();
        var path = $"/api/v1/orders/{order["id"]}";

        await _writer.JsonAsync(HttpMethod.Patch, $"{path}/status", new { state_id = 2, note = "Bonifico arrivato" });

        var steps = await StepsAsync(path);
        Assert.Equal(("state", "Bonifico arrivato"), ((string)steps[0]["type"]!, (string)steps[0]["note"]!));
        Assert.Contains(("is_paid", "false", "true"), steps.Select(Values));
        Assert.Equal("In attesa", (string?)steps[^1]["state_name"]);
    }

    [Fact]
    public async Task Long_value_is_cut_and_a_write_that_changes_nothing_leaves_no_step()
    {
        var order = await _writer.OrderAsync();
        var path = $"/api/v1/orders/{order["id"]}";
        // The cut would fall between the two halves of the rose.
        var notes = new string('x', 498) + "\ud83c\udf39" + new string('y', 100);

        await _writer.JsonAsync(HttpMethod.Patch, path, new { notes });
        await _writer.JsonAsync(HttpMethod.Patch, path, new { notes });

        var step = Assert.Single(await StepsAsync(path), step => (string?)step["type"] == "field");
        Assert.Equal(new string('x', 498) + "…", (string?)step["new_value"]);
    }

    [Fact]
    public async Task Refused_change_leaves_no_step()
    {
        var order = await _writer.OrderAsync();
        var path = $"/api/v1/orders/{order["id"]}";

        using (await _writer.CallAsync(HttpMethod.Patch, path, new { notes = "x" }, ("If-Match", "\"7-x\"")))
        using (await _writer.CallAsync(HttpMethod.Patch, path, new { notes = "x", assigned_to = 999 }))
            Assert.Single(await StepsAsync(path));
    }

    private async Task<JsonNode[]> StepsAsync(string path) =>
        [.. (await _writer.GetJsonAsync($"{path}/history"))["items"]!.AsArray().Select(step => step!)];

    private static (string? Field, string? OldValue, string? NewValue) Values(JsonNode step) =>
        ((string?)step["field"], (string?)step["old_value"], (string?)step["new_value"]);
}
