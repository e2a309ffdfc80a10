using System.Data.Common;
using System.Net;
using System.Text.Json.Nodes;
using Dapper;
using ECommerce.Features.Common.PersonalData;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.PersonalData;

/// <summary>POST /customers/{id}/erase.</summary>
public sealed class ErasureTests(ApiFixture fixture)
{
    // Short enough for every column: the address of the SDI has seven characters.
    private const string Mark = "Zq7";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_personal_of_the_customer_is_left_in_any_table_and_other_customers_are_untouched()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var redis = await LocalRedis.StartNewAsync();
        await using var api = new ApiFactory(database, redis.ConnectionString);
        await api.StartAsync();
        var admin = api.With(api.Token(1, "acme.admin", "acme", Roles.Admin));
        await using var connection = await api.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(Ct);
        var order = await OrderAsync(admin, connection);
        var customer = $"/api/v1/customers/{order["customer_id"]}";
        await MarkAllAsync(api, connection);
        var stored = JsonNode.Parse($$"""{"firstname":"{{Mark}}","lastname":"b","email":"{{Mark}}@b.it"}""");
        await admin.PutJsonAsync(customer, stored!);
        var other = await OrderAsync(admin, connection);
        var otherPaths = new[] { $"/api/v1/customers/{other["customer_id"]}", $"/api/v1/orders/{other["id"]}" };
        var before = await ReadAsync(admin, otherPaths);

        var erased = await admin.PostJsonAsync($"{customer}/erase");

        Assert.Equal("erased", (string?)erased["firstname"]);
        Assert.NotNull(erased["erased_at"]);
        Assert.Empty(await PlacesOfMarkAsync(connection));
        Assert.Equal(before, await ReadAsync(admin, otherPaths));
        Assert.Equal(erased.ToJsonString(), (await admin.GetJsonAsync(customer)).ToJsonString());
        Assert.Equal("erased", (string?)(await admin.GetJsonAsync($"{customer}/addresses"))["items"]![0]!["city"]);
        var read = await admin.GetJsonAsync($"/api/v1/orders/{order["id"]}");
        Assert.Null(read["notes"]);
        Assert.Equal((string)order["total_paid"]!.ToJsonString(), read["total_paid"]!.ToJsonString());
    }

    [Fact]
    public async Task Notes_are_gone_from_the_history_of_an_order_and_amounts_are_not()
    {
        var admin = fixture.As("acme.admin");
        var order = await admin.OrderAsync();
        var path = $"/api/v1/orders/{order["id"]}";
        await admin.PutJsonAsync(path, Samples.Quote(order["customer"]!, 20, notes: "suonare a Rossi"));
        await admin.JsonAsync(HttpMethod.Patch, path, new { notes = "al piano di Rossi" });

        await admin.PostJsonAsync($"/api/v1/customers/{order["customer_id"]}/erase");

        var history = await admin.TextAsync($"{path}/history");
        Assert.DoesNotContain("Rossi", history);
        var steps = JsonNode.Parse(history)!["items"]!.AsArray();
        // Written twice and erased.
        Assert.Equal(3, steps.Count(step => (string?)step!["field"] == "notes"));
        Assert.Contains(
            steps, step => ((string?)step!["field"], (string?)step["old_value"]) == ("total_paid", "12.20"));
        Assert.Empty(await fixture.QueryAsync<long>(
            "SELECT id FROM order_changes WHERE order_id = @id AND CONCAT_WS('', old_value, new_value) LIKE '%Rossi%'",
            new { id = (long)order["id"]! }));
    }

    [Fact]
    public async Task Stored_responses_of_addresses_and_quotes_are_not_repeated_after_the_erasure()
    {
        var admin = fixture.As("acme.admin");
        var customer = await admin.CustomerAsync();
        var requests = new (string Path, object Body, string Key)[]
        {
            ("/api/v1/addresses", Samples.Address(customer), Guid.NewGuid().ToString()),
            ("/api/v1/quotes", Samples.Quote(customer), Guid.NewGuid().ToString()),
        };
        foreach (var (path, body, key) in requests)
            await admin.JsonAsync(HttpMethod.Post, path, body, ("Idempotency-Key", key));

        await admin.PostJsonAsync($"/api/v1/customers/{customer["id"]}/erase");

        foreach (var (path, body, key) in requests)
        {
            using var again = await admin.CallAsync(HttpMethod.Post, path, body, ("Idempotency-Key", key));
            await again.ProblemAsync(HttpStatusCode.Conflict, "response_erased");
        }
    }

    [Fact]
    public async Task A_deleted_customer_can_be_erased_once_more_and_each_erasure_is_audited()
    {
        var admin = fixture.As("acme.admin");
        var customer = await admin.CustomerAsync();
        var path = $"/api/v1/customers/{customer["id"]}";
        using (var deleted = await admin.CallAsync(HttpMethod.Delete, path))
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        var first = await admin.PostJsonAsync($"{path}/erase");
        var second = await admin.PostJsonAsync($"{path}/erase");
        using var gone = await admin.GetAnyAsync(path);

        Assert.Equal((string?)first["erased_at"], (string?)second["erased_at"]);
        await gone.ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal(2, Assert.Single(await fixture.QueryAsync<int>(
            "SELECT COUNT(*) FROM change_audit WHERE action = 'erase' AND entity_key = @id",
            new { id = $"{customer["id"]}" })));
    }

    [Fact]
    public async Task Erasing_honours_If_Match_and_is_refused_for_another_tenants_customer()
    {
        var admin = fixture.As("acme.admin");
        var path = $"/api/v1/customers/{(await admin.CustomerAsync())["id"]}";

        using var late = await admin.CallAsync(HttpMethod.Post, $"{path}/erase", null, ("If-Match", "\"9-x\""));
        using var foreign = await fixture.As("globex.admin").CallAsync(HttpMethod.Post, $"{path}/erase");
        using var role = await fixture.As("acme.ordini").CallAsync(HttpMethod.Post, $"{path}/erase");

        await late.ProblemAsync(HttpStatusCode.PreconditionFailed);
        await foreign.ProblemAsync(HttpStatusCode.NotFound);
        await role.ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_stored_response_with_personal_data_is_not_repeated_after_the_erasure()
    {
        var admin = fixture.As("acme.admin");
        var key = Guid.NewGuid().ToString();
        var body = Samples.Customer();
        var customer = await admin.JsonAsync(HttpMethod.Post, "/api/v1/customers", body, ("Idempotency-Key", key));
        await admin.PostJsonAsync($"/api/v1/customers/{customer["id"]}/erase");

        using var again = await admin.CallAsync(HttpMethod.Post, "/api/v1/customers", body, ("Idempotency-Key", key));

        await again.ProblemAsync(HttpStatusCode.Conflict, "response_erased");
    }

    private static async Task<JsonNode> OrderAsync(HttpClient admin, DbConnection connection)
    {
        var order = await admin.OrderAsync();
        await admin.JsonAsync(
            HttpMethod.Patch, $"/api/v1/orders/{order["id"]}/status", new { state_id = 2, note = "al piano" });
        await admin.JsonAsync(HttpMethod.Patch, $"/api/v1/orders/{order["id"]}", new { notes = "suonare" });
        await connection.ExecuteAsync(
            """
            INSERT INTO addresses (tenant_id, customer_id, firstname, lastname, address1, city, date_add, date_upd)
            VALUES ('acme', @id, 'Ada', 'Rossi', 'Via Roma 1', 'Torino', NOW(6), NOW(6))
            """, new { id = (long)order["customer_id"]! });
        await connection.ExecuteAsync(
            """
            INSERT INTO order_messages (tenant_id, order_id, is_from_employee, is_private, message, date_add)
            VALUES ('acme', @id, 0, 0, 'Per favore al terzo piano', NOW(6))
            """, new { id = (long)order["id"]! });
        await admin.PostJsonAsync("/api/v1/quotes", new
        {
            customer_id = (long)order["customer_id"]!,
            notes = "suonare",
            lines = new[] { new { product_name = "x", product_quantity = 1, unit_price_tax_excl = 1 } },
        });
        return order;
    }

    // Past the caches, which have nothing of these rows yet.
    private static async Task MarkAllAsync(ApiFactory api, DbConnection connection)
    {
        await using var db = await api.Services.GetRequiredService<IDbContextFactory<ECommerceDbContext>>()
            .CreateDbContextAsync(Ct);
        var columns = api.Services.GetServices<IPersonalData>().SelectMany(feature => feature.Columns).ToArray();
        Assert.NotEmpty(columns);
        foreach (var (entity, properties) in columns)
        {
            var type = db.Model.FindEntityType(entity)!;
            var names = properties.Select(property => type.FindProperty(property)!.GetColumnName());
            var marked = await connection.ExecuteAsync(
                $"UPDATE {type.GetTableName()} SET {string.Join(", ", names.Select(name => $"{name} = '{Mark}'"))}");
            Assert.True(marked > 0, $"The customer has no row in {type.GetTableName()}.");
        }
        Assert.NotEmpty(await PlacesOfMarkAsync(connection));
    }

    private static async Task<IReadOnlyList<string>> PlacesOfMarkAsync(DbConnection connection)
    {
        var columns = await connection.QueryAsync<(string Table, string Column)>(
            """
            SELECT table_name, column_name FROM information_schema.COLUMNS
            WHERE table_schema = DATABASE() AND (data_type LIKE '%char' OR data_type LIKE '%text')
            """);
        var places = new List<string>();
        foreach (var (table, column) in columns)
        {
            if (await connection.ExecuteScalarAsync<bool>(
                $"SELECT EXISTS (SELECT 1 FROM `{table}` WHERE `{column}` LIKE '%{Mark}%')"))
            {
                places.Add($"{table}.{column}");
            }
        }
        return places;
    }

    private static async Task<string> ReadAsync(HttpClient client, IEnumerable<string> paths)
    {
        var all = "";
        foreach (var path in paths)
            all += await client.TextAsync(path);
        return all;
    }
}
