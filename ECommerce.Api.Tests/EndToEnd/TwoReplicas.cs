using System.Net.Http.Headers;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using ECommerce.Api.Tests.Hosting;

namespace ECommerce.Api.Tests.EndToEnd;

/// <summary>
/// The whole system as AppHost.cs composes it, with two replicas that log their cache misses, and shop 1 of acme
/// imported once.
/// </summary>
public sealed class TwoReplicas() : AppHostFixture(TimeSpan.FromMinutes(2))
{
    private readonly Dictionary<string, string> _tokens = [];
    private string[] _instances = [];

    internal SyncFollower Sync { get; private set; } = null!;

    internal long ImportRun { get; private set; }

    /// <summary>A client of one replica, past the proxy; each call opens a new one.</summary>
    internal HttpClient Replica(int index, string user = "acme.admin")
    {
        Assert.True(App.ResourceNotifications.TryGetCurrentState(_instances[index], out var state));
        var client = new HttpClient { BaseAddress = state.OwnAddress() };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _tokens[user]);
        return client;
    }

    internal HttpClient Shop() => App.CreateHttpClient("prestashop");

    /// <summary>How often a replica ran the SQL of a key: each run is logged at Debug.</summary>
    internal async Task<int> MissesAsync(int replica, string key)
    {
        var logs = (ResourceLoggerService)App.Services.GetService(typeof(ResourceLoggerService))!;
        var count = 0;
        await foreach (var lines in logs.GetAllAsync(_instances[replica]))
        {
            count += lines.Count(
                line => line.Content.Contains($"\"event\":\"cache_miss\",\"key\":\"{key}\"", StringComparison.Ordinal));
        }

        return count;
    }

    internal async Task KillAsync(string resource)
    {
        var running = await App.ResourceNotifications.WaitForResourceHealthyAsync(
            resource, TestContext.Current.CancellationToken);
        if (resource == "redis")
        {
            await RedisCommands.AssertHarmlessAsync(
                (await App.GetConnectionStringAsync("redis", TestContext.Current.CancellationToken))!);
        }

        running.Kill();
        await App.ResourceNotifications.WaitForResourceAsync(
            resource, change =>
                KnownResourceStates.TerminalStates.Contains(
                    change.Snapshot.State?.Text), TestContext.Current.CancellationToken);
    }

    internal async Task StartAgainAsync(string resource)
    {
        var result = await App.ResourceCommands.ExecuteCommandAsync(
            resource, KnownResourceCommands.StartCommand, TestContext.Current.CancellationToken);
        Assert.True(result.Success, result.Message);
        // It may still have the state of its end.
        await App.ResourceNotifications.WaitForResourceHealthyAsync(
            resource, WaitBehavior.WaitOnResourceUnavailable, TestContext.Current.CancellationToken);
    }

    private protected override void Configure(IDistributedApplicationTestingBuilder builder)
    {
        builder.CreateResourceBuilder<ProjectResource>("prestashop").WithArgs(ShopSize.Arguments);
        builder.CreateResourceBuilder<ProjectResource>("api")
            .WithEnvironment("LOGGING__LOGLEVEL__ECOMMERCE.CACHING", "Debug");
    }

    private protected override async Task ReadyAsync(CancellationToken cancellationToken)
    {
        _instances =
            [.. (await App.HealthyReplicasAsync("api", 2, cancellationToken)).Select(replica => replica.ResourceId)];
        foreach (var user in (string[])["acme.admin", "acme.user", "globex.admin"])
            _tokens[user] = await LogInAsync(user);
        Sync = new SyncFollower(Replica(0));
        ImportRun = await Sync.StartAsync("full");
        await Sync.FinishedAsync(ImportRun);
    }

    private async Task<string> LogInAsync(string user)
    {
        using var client = App.CreateHttpClient("api");
        var session = await client.PostJsonAsync(
            "/api/v1/auth/login", new { username = user, password = "demo-Passw0rd!" });
        return (string)session["access_token"]!;
    }
}
