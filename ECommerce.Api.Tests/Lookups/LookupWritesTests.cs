using System.Net;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Lookups;

public sealed class LookupWritesTests(ApiFixture fixture)
{
    private readonly HttpClient _admin = fixture.As("acme.admin");

    public static TheoryData<string, string, string> Drafts() => new()
    {
        {
            "order_states",
            """
            {"name":"Da ritirare","color":"#3498D8","paid":true,"shipped":false,"invoice":true,"logable":true,
             "delivery":true}
            """,
            """
            {"name":"Ritirato","color":null,"paid":true,"shipped":true,"invoice":false,"logable":false,"delivery":false}
            """
        },
        {
            "categories", """{"name":"Tavoli","parent_id":1,"active":true}""",
            """{"name":"Tavolini","parent_id":null,"active":false}"""
        },
        { "brands", """{"name":"Flos","active":true}""", """{"name":"Artemide","active":false}""" },
        {
            "carriers", """{"name":"Corriere","url":"https://corriere.example/@","is_free":false,"active":true}""",
            """{"name":"Pony","url":null,"is_free":true,"active":false}"""
        },
        {
            "countries", """{"name":"Francia","iso_code":"FR","active":true}""",
            """{"name":"Spagna","iso_code":"ES","active":false}"""
        },
        {
            "langs", """{"name":"Français","iso_code":"fr","locale":"fr-FR","active":true}""",
            """{"name":"Español","iso_code":"es","locale":null,"active":false}"""
        },
    };

    [Theory]
    [MemberData(nameof(Drafts))]
    public async Task A_row_is_created_replaced_and_deleted_and_every_read_shows_it(
        string name, string draft, string change)
    {
        await _admin.GetJsonAsync($"/api/v1/{name}");
        using var response = await _admin.CallAsync(
            HttpMethod.Post, $"/api/v1/{name}", JsonNode.Parse(draft));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var path = response.Headers.Location!.ToString();
        var created = await response.JsonAsync();
        await AssertReadAsync(name, path, created, draft);

        var changed = await _admin.PutJsonAsync(path, JsonNode.Parse(change)!);
        await AssertReadAsync(name, path, changed, change);
        Assert.Equal((long)created["row_version"]! + 1, (long)changed["row_version"]!);

        using var late = await _admin.CallAsync(HttpMethod.Delete, path, null, ("If-Match", "\"1-x\""));
        await late.ProblemAsync(HttpStatusCode.PreconditionFailed);
        using var deleted = await _admin.CallAsync(HttpMethod.Delete, path);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Put, HttpMethod.Delete })
        {
            using var gone = await _admin.CallAsync(
                method, path, method == HttpMethod.Put ? JsonNode.Parse(change) : null);
            await gone.ProblemAsync(HttpStatusCode.NotFound);
        }
        Assert.DoesNotContain(
            (await _admin.GetJsonAsync($"/api/v1/{name}"))["items"]!.AsArray(),
            item => (long)item!["id"]! == (long)created["id"]!);
        var audited = await fixture.QueryAsync<string>(
            "SELECT action FROM change_audit WHERE entity = @name AND entity_key = @id ORDER BY id",
            new { name, id = $"{created["id"]}" });
        Assert.Equal(["create", "update", "delete"], audited);
    }

    [Theory]
    [InlineData("order_states", "name")]
    [InlineData("categories", "name")]
    [InlineData("brands", "name")]
    [InlineData("carriers", "name")]
    [InlineData("countries", "iso_code")]
    [InlineData("langs", "locale")]
    public async Task A_wrong_member_is_422(string name, string member)
    {
        using var response = await _admin.CallAsync(
            HttpMethod.Post, $"/api/v1/{name}", new JsonObject { ["name"] = "x", [member] = "\u0007" });

        await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, member);
    }

    [Theory]
    [InlineData("order_states")]
    [InlineData("categories")]
    [InlineData("brands")]
    [InlineData("carriers")]
    [InlineData("countries")]
    [InlineData("langs")]
    public async Task A_row_of_a_shop_follows_the_shop(string name)
    {
        var draft = Drafts().Select(row => row.Data).First(row => row.Item1 == name).Item2;
        var created = await _admin.PostJsonAsync($"/api/v1/{name}", JsonNode.Parse(draft));
        var path = $"/api/v1/{name}/{created["id"]}";
        await fixture.ExecuteAsync(
            $"UPDATE {name} SET shop_id = 1, origin_id = @origin WHERE id = @id",
            new { id = (int)created["id"]!, origin = 900_000 + (int)created["id"]! });

        using var changed = await _admin.CallAsync(HttpMethod.Put, path, JsonNode.Parse(draft));
        using var deleted = await _admin.CallAsync(HttpMethod.Delete, path);

        await changed.ProblemAsync(HttpStatusCode.Conflict, "row_belongs_to_shop");
        await deleted.ProblemAsync(HttpStatusCode.Conflict, "row_belongs_to_shop");
    }

    [Fact]
    public async Task A_row_in_use_cannot_be_deleted_and_what_uses_it_is_named()
    {
        var ids = new Dictionary<string, int>();
        foreach (var (name, draft, _) in Drafts().Select(row => row.Data))
            ids[name] = (int)(await _admin.PostJsonAsync($"/api/v1/{name}", JsonNode.Parse(draft)))["id"]!;
        var product = await _admin.PostJsonAsync("/api/v1/products", new
        {
            name = "x",
            price = 1,
            category_id = ids["categories"],
            brand_id = ids["brands"],
        });
        var order = await _admin.OrderAsync();
        await fixture.ExecuteAsync(
            """
            UPDATE orders SET state_id = @state, carrier_id = @carrier, lang_id = @lang WHERE id = @order;
            INSERT INTO addresses (
                tenant_id, customer_id, country_id, firstname, lastname, address1, city, date_add, date_upd)
            VALUES ('acme', @customer, @country, 'a', 'b', 'c', 'd', NOW(6), NOW(6))
            """,
            new
            {
                state = ids["order_states"],
                carrier = ids["carriers"],
                lang = ids["langs"],
                country = ids["countries"],
                order = (long)order["id"]!,
                customer = (long)order["customer_id"]!,
            });

        foreach (var (name, id) in ids)
        {
            using var response = await _admin.CallAsync(HttpMethod.Delete, $"/api/v1/{name}/{id}");
            var detail = (string?)(await response.ProblemAsync(HttpStatusCode.Conflict, "row_in_use"))["detail"];
            Assert.Matches(name switch
            {
                "categories" or "brands" => $"^Product {product["id"]} uses it\\.$",
                "countries" => "^Address [0-9]+ uses it\\.$",
                _ => $"^Order {order["id"]} uses it\\.$",
            }, detail);
        }
    }

    [Fact]
    public async Task The_state_of_new_orders_and_a_category_with_children_cannot_be_deleted()
    {
        var parent = await _admin.PostJsonAsync("/api/v1/categories", new { name = "parent" });
        var child = await _admin.PostJsonAsync(
            "/api/v1/categories", new { name = "child", parent_id = (int)parent["id"]! });

        using var waiting = await _admin.CallAsync(HttpMethod.Delete, "/api/v1/order_states/1");
        using var above = await _admin.CallAsync(HttpMethod.Delete, $"/api/v1/categories/{parent["id"]}");

        await waiting.ProblemAsync(HttpStatusCode.Conflict, "row_in_use");
        var problem = await above.ProblemAsync(HttpStatusCode.Conflict, "row_in_use");
        Assert.Equal($"Category {child["id"]} uses it.", (string?)problem["detail"]);
    }

    [Fact]
    public async Task A_category_cannot_be_moved_below_itself_nor_below_one_that_is_missing()
    {
        var parent = await _admin.PostJsonAsync("/api/v1/categories", new { name = "parent" });
        var child = await _admin.PostJsonAsync(
            "/api/v1/categories", new { name = "child", parent_id = (int)parent["id"]! });
        var path = $"/api/v1/categories/{parent["id"]}";

        foreach (var id in new[] { (int)child["id"]!, (int)parent["id"]!, 999_999, 101 })
        {
            using var response = await _admin.CallAsync(HttpMethod.Put, path, new { name = "parent", parent_id = id });
            await response.AssertWrongAsync(HttpStatusCode.UnprocessableEntity, "parent_id");
        }
    }

    [Fact]
    public async Task A_renamed_state_is_shown_by_orders_that_were_cached()
    {
        var state = await _admin.PostJsonAsync("/api/v1/order_states", new { name = "before" });
        var order = await _admin.OrderAsync();
        var path = $"/api/v1/orders/{order["id"]}";
        await _admin.JsonAsync(HttpMethod.Patch, $"{path}/status", new { state_id = (int)state["id"]! });
        (await _admin.HitAsync(path)).Dispose();

        await _admin.PutJsonAsync($"/api/v1/order_states/{state["id"]}", new { name = "after" });

        Assert.Equal("after", (string?)(await _admin.GetJsonAsync(path))["state"]!["name"]);
    }

    private async Task AssertReadAsync(string name, string path, JsonNode written, string sent)
    {
        var row = await _admin.GetJsonAsync(path);
        Assert.Equal(written.ToJsonString(), row.ToJsonString());
        Assert.Contains(
            (await _admin.GetJsonAsync($"/api/v1/{name}"))["items"]!.AsArray(),
            item => item!.ToJsonString() == row.ToJsonString());
        Assert.All(
            JsonNode.Parse(sent)!.AsObject(),
            member => Assert.Equal(member.Value?.ToJsonString(), row[member.Key]?.ToJsonString()));
    }
}
