using System.Net;
using ECommerce.Features.Common.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Settings;

/// <summary>What the program reads: the value that was written last, on every node, or the default.</summary>
public sealed class TenantSettingsTests(ApiFixture fixture)
{
    private static readonly Tenant Acme = new("acme");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_on_one_node_is_read_by_the_other()
    {
        await using var redis = await LocalRedis.StartNewAsync();
        var database = await fixture.MySql.CreateDatabaseAsync();
        await using var first = new ApiFactory(database, redis.ConnectionString);
        await using var second = new ApiFactory(database, redis.ConnectionString);
        await Task.WhenAll(first.StartAsync(), second.StartAsync());
        var admin = first.With(first.Token(1, "acme.admin", "acme", Roles.Admin));
        var reader = second.Services.GetRequiredService<TenantSettings>();

        Assert.Equal(30, await reader.GetAsync(Acme, KnownSettings.SyncRunDays, Ct));
        foreach (var days in new[] { 5, 6, 7 })
        {
            await admin.PutJsonAsync("/api/v1/config/retention.sync_runs_days", new { value = days });
            Assert.Equal(days, await reader.GetAsync(Acme, KnownSettings.SyncRunDays, Ct));
        }
        using var reset = await admin.CallAsync(HttpMethod.Delete, "/api/v1/config/retention.sync_runs_days");
        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
        Assert.Equal(30, await reader.GetAsync(Acme, KnownSettings.SyncRunDays, Ct));
    }

    [Fact]
    public async Task Process_leads_to_the_state_that_the_setting_names()
    {
        var admin = fixture.As("globex.admin");
        var state = await admin.PostJsonAsync(
            "/api/v1/order_states", new { name = Samples.Unique("picking"), delivery = false, paid = true });
        var path = "/api/v1/config/orders.process_state_id";
        await admin.PutJsonAsync(path, new { value = (int)state["id"]! });

        var named = await ProcessAsync(admin);
        using var used = await admin.CallAsync(HttpMethod.Delete, $"/api/v1/order_states/{state["id"]}");
        using var reset = await admin.CallAsync(HttpMethod.Delete, path);
        var fallback = await ProcessAsync(admin);

        Assert.Equal(((int)state["id"]!, false), ((int)named["state_id"]!, (bool)named["is_paid"]!));
        await used.ProblemAsync(HttpStatusCode.Conflict, "row_in_use");
        Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
        Assert.Equal(103, (int)fallback["state_id"]!);
    }

    [Fact]
    public async Task Order_state_that_only_a_setting_names_cannot_be_deleted()
    {
        // Of its own tenant: other tests process orders of acme.
        var admin = fixture.As("globex.admin");
        var state = await admin.PostJsonAsync("/api/v1/order_states", new { name = Samples.Unique("unused") });
        await admin.PutJsonAsync("/api/v1/config/orders.process_state_id", new { value = (int)state["id"]! });

        using var used = await admin.CallAsync(HttpMethod.Delete, $"/api/v1/order_states/{state["id"]}");
        using var reset = await admin.CallAsync(HttpMethod.Delete, "/api/v1/config/orders.process_state_id");
        using var free = await admin.CallAsync(HttpMethod.Delete, $"/api/v1/order_states/{state["id"]}");

        var problem = await used.ProblemAsync(HttpStatusCode.Conflict, "row_in_use");
        Assert.Equal("Setting orders.process_state_id uses it.", (string?)problem["detail"]);
        Assert.Equal(HttpStatusCode.NoContent, free.StatusCode);
    }

    private static async Task<System.Text.Json.Nodes.JsonNode> ProcessAsync(HttpClient client)
    {
        var order = await client.OrderAsync();
        return await client.PostJsonAsync($"/api/v1/orders/{order["id"]}/process");
    }
}
