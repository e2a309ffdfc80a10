using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ECommerce.Api.Tests.Hosting;

public sealed partial class SystemTests(SystemFixture system) : IClassFixture<SystemFixture>
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
        var healthy = await Notifications.WaitForResourceHealthyAsync(name, Ct).WaitAsync(Patience, Ct);

        Assert.Equal(KnownResourceStates.Running, healthy.Snapshot.State?.Text);
    }

    [Fact]
    public async Task The_api_answers_at_its_public_address()
    {
        using var client = system.App.CreateHttpClient("api");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client));
    }

    [Fact]
    public async Task The_connection_string_opens_the_database()
    {
        var connection = await system.App.GetConnectionStringAsync("ecommerce", Ct);
        var part = ConnectionPart().Matches(connection!).ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

        string[] args =
        [
            "--no-defaults", "--protocol=tcp", $"-h{part["Server"]}", $"-P{part["Port"]}", $"-u{part["User ID"]}", "-N",
            "-e", "SELECT DEFAULT_CHARACTER_SET_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = DATABASE()", part["Database"],
        ];
        var start = new ProcessStartInfo("mariadb", args)
        {
            RedirectStandardOutput = true,
            Environment = { ["MYSQL_PWD"] = part["Password"] },
        };
        using var client = Process.Start(start)!;

        Assert.Equal("utf8mb4", (await client.StandardOutput.ReadToEndAsync(Ct)).Trim());
    }

    [Fact]
    public async Task The_api_goes_on_without_a_killed_replica_which_comes_back_at_its_own_address()
    {
        var replicas = await ReplicasAsync();
        var victim = replicas[0];
        using var client = system.App.CreateHttpClient("api");

        await KillAsync(victim);
        for (var request = 0; request < 4; request++)
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client));

        var started = await system.App.ResourceCommands.ExecuteCommandAsync(victim.ResourceId, KnownResourceCommands.StartCommand, Ct);
        Assert.True(started.Success, started.ErrorMessage);
        await HealthyAsync(victim);
        using var own = new HttpClient { BaseAddress = OwnAddress(victim) };
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(own));
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("mysql")]
    public async Task A_killed_server_is_seen_and_comes_back_on_its_port(string name)
    {
        var server = await Notifications.WaitForResourceHealthyAsync(name, Ct);
        var before = await system.App.GetConnectionStringAsync(name, Ct);

        await KillAsync(server);
        await system.App.ResourceCommands.ExecuteCommandAsync(name, KnownResourceCommands.StartCommand, Ct);
        await HealthyAsync(server);

        Assert.Equal(before, await system.App.GetConnectionStringAsync(name, Ct));
    }

    [Fact]
    public async Task A_command_by_name_does_not_choose_between_replicas()
    {
        var result = await system.App.ResourceCommands.ExecuteCommandAsync("api", KnownResourceCommands.StopCommand, Ct);

        Assert.False(result.Success);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        // A connection of its own, so that each request goes to the next replica.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health") { Headers = { ConnectionClose = true } };
        using var answer = await client.SendAsync(request, Ct);
        return answer.StatusCode;
    }

    private static Uri OwnAddress(ResourceEvent replica) => new(replica.Snapshot.Urls.Single(url => url.IsInternal).Url);

    private async Task<List<ResourceEvent>> ReplicasAsync()
    {
        var replicas = new Dictionary<string, ResourceEvent>();
        await foreach (var change in Notifications.WatchAsync(Ct))
        {
            if (change.Resource.Name == "api" && change.Snapshot.HealthStatus == HealthStatus.Healthy)
                replicas[change.ResourceId] = change;
            if (replicas.Count == 2)
                break;
        }

        return [.. replicas.Values];
    }

    private async Task KillAsync(ResourceEvent instance)
    {
        Assert.True(Notifications.TryGetCurrentState(instance.ResourceId, out var current));
        var pid = Convert.ToInt32(current.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value,
            CultureInfo.InvariantCulture);
        Process.GetProcessById(pid).Kill();

        await Notifications.WaitForResourceAsync(instance.Resource.Name,
            change => change.ResourceId == instance.ResourceId && KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text),
            Ct).WaitAsync(Patience, Ct);
    }

    private async Task HealthyAsync(ResourceEvent instance) => await Notifications.WaitForResourceAsync(instance.Resource.Name,
        change => change.ResourceId == instance.ResourceId && change.Snapshot.HealthStatus == HealthStatus.Healthy,
        Ct).WaitAsync(Patience, Ct);

    [GeneratedRegex("([^=;]+)=([^;]*)")]
    private static partial Regex ConnectionPart();
}
