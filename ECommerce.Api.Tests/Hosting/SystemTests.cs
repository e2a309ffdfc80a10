using System.Net;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using MySqlConnector;

namespace ECommerce.Api.Tests.Hosting;

public sealed class SystemTests(SystemFixture system) : IClassFixture<SystemFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ResourceNotificationService Notifications => system.App.ResourceNotifications;

    [Theory]
    [InlineData("mysql")]
    [InlineData("ecommerce")]
    [InlineData("redis")]
    [InlineData("prestashop")]
    [InlineData("fatturapa")]
    [InlineData("api")]
    public async Task Every_resource_becomes_healthy(string name)
    {
        var healthy = await Notifications
            .WaitForResourceHealthyAsync(name, WaitBehavior.WaitOnResourceUnavailable, Ct).WaitAsync(Patience, Ct);

        Assert.Equal(KnownResourceStates.Running, healthy.Snapshot.State?.Text);
    }

    [Fact]
    public async Task The_api_responds_at_its_public_address()
    {
        using var client = system.App.CreateHttpClient("api");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client));
    }

    [Fact]
    public async Task The_connection_string_opens_the_database()
    {
        await using var connection = new MySqlConnection(await system.App.GetConnectionStringAsync("ecommerce", Ct));
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT DEFAULT_CHARACTER_SET_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()";

        Assert.Equal("utf8mb4", await command.ExecuteScalarAsync(Ct));
    }

    [Fact]
    public async Task A_killed_replica_leaves_the_api_available_and_restarts_at_its_own_address()
    {
        var victim = (await system.App.HealthyReplicasAsync("api", 2, Ct))[0];
        using var client = system.App.CreateHttpClient("api");

        await KillAsync(victim);
        for (var request = 0; request < 4; request++)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client));

        var started = await system.App.ResourceCommands.ExecuteCommandAsync(
            victim.ResourceId, KnownResourceCommands.StartCommand, Ct);
        Assert.True(started.Success, started.Message);
        await victim.HealthyAsync(Ct);
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("mysql")]
    public async Task A_killed_server_is_detected_and_restarts_on_its_port(string name)
    {
        var server = await Notifications.WaitForResourceHealthyAsync(
            name, WaitBehavior.WaitOnResourceUnavailable, Ct);
        var before = await system.App.GetConnectionStringAsync(name, Ct);

        await KillAsync(server);
        await system.App.ResourceCommands.ExecuteCommandAsync(name, KnownResourceCommands.StartCommand, Ct);
        await HealthyAsync(server);

        Assert.Equal(before, await system.App.GetConnectionStringAsync(name, Ct));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        // A connection of its own, so that each request goes to the next replica.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health") { Headers = { ConnectionClose = true } };
        using var response = await client.SendAsync(request, Ct);
        return response.StatusCode;
    }

    private async Task KillAsync(ResourceEvent instance)
    {
        Assert.True(Notifications.TryGetCurrentState(instance.ResourceId, out var current));
        current.Kill();

        await Notifications.WaitForResourceAsync(instance.Resource.Name,
            change =>
                change.ResourceId == instance.ResourceId
                    && KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text),
            Ct).WaitAsync(Patience, Ct);
    }

    private async Task HealthyAsync(ResourceEvent instance) =>
        await Notifications.WaitForResourceAsync(instance.Resource.Name,
        change => change.ResourceId == instance.ResourceId && change.Snapshot.HealthStatus == HealthStatus.Healthy,
        Ct).WaitAsync(Patience, Ct);
}
