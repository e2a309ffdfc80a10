using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Api.Tests.Hosting.Engine;

public sealed class EngineTests
{
    private const string Secret = "not-to-be-shown-anywhere";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Environment_and_arguments_reach_the_process_and_secrets_are_masked_in_its_log()
    {
        using var builder = DistributedApplicationTestingBuilder.Create();
        var secret = builder.AddParameter("key", Secret, secret: true);
        builder.AddExecutable("printer", "sh", ".", "-c", "echo \"$0 $1 $PLAIN ${#KEY} $KEY [$HOST_ONLY]\"; echo oops >&2", "zero")
            .WithArgs("one").WithEnvironment("PLAIN", "plain").WithEnvironment("KEY", secret);

        await using var app = await builder.BuildAsync(Ct);
        await app.StartAsync(Ct);
        await app.ResourceNotifications.WaitForResourceAsync("printer", KnownResourceStates.Finished, Ct);

        var lines = await LogAsync(app, "printer");
        var expected = $"zero one plain {Secret.Length} ***** []";
        Assert.Contains(lines, line => line.Content.EndsWith(expected, StringComparison.Ordinal) && !line.IsErrorMessage);
        Assert.Contains(lines, line => line.Content.EndsWith("oops", StringComparison.Ordinal) && line.IsErrorMessage);
    }

    [Fact]
    public async Task A_service_is_told_where_to_find_what_it_references()
    {
        using var builder = DistributedApplicationTestingBuilder.Create();
        var redis = builder.AddRedis("cache-1").WithArgs("--loglevel", "warning");
        var shop = builder.AddProject<Projects.ECommerce_Mocks_PrestaShop>("shop").WithHttpEndpoint();
        builder.AddExecutable("printer", "env", ".").WithReference(redis).WithReference(shop).WithHttpEndpoint(env: "PORT");

        await using var app = await builder.BuildAsync(Ct);
        await app.StartAsync(Ct);
        await app.ResourceNotifications.WaitForResourceAsync("printer", KnownResourceStates.Finished, Ct);

        var log = string.Join('\n', (await LogAsync(app, "printer")).Select(line => line.Content));
        var shopUrl = app.GetEndpoint("shop").GetLeftPart(UriPartial.Authority);
        Assert.Matches(@"ConnectionStrings__cache-1=127\.0\.0\.1:\d+,password=\*+", log);
        Assert.Matches(@"CACHE_1_HOST=127\.0\.0\.1", log);
        Assert.Contains($"services__shop__http__0={shopUrl}\n", log + "\n", StringComparison.Ordinal);
        Assert.Matches(@" PORT=\d+", log);
    }

    [Fact]
    public async Task A_resource_starts_only_when_what_it_waits_for_has_completed()
    {
        using var builder = DistributedApplicationTestingBuilder.Create();
        var first = builder.AddExecutable("first", "sleep", ".", "0.3");
        builder.AddExecutable("second", "true", ".").WaitForCompletion(first);

        await using var app = await builder.BuildAsync(Ct);
        await app.StartAsync(Ct);
        var second = await app.ResourceNotifications.WaitForResourceAsync("second", change => change.Snapshot.ExitCode == 0, Ct);
        var done = await app.ResourceNotifications.WaitForResourceAsync("first", change => change.Snapshot.ExitCode == 0, Ct);

        Assert.True(second.Snapshot.StartTimeStamp >= done.Snapshot.StopTimeStamp);
    }

    [Fact]
    public async Task Who_waits_for_something_that_fails_does_not_start()
    {
        using var builder = DistributedApplicationTestingBuilder.Create();
        var broken = builder.AddExecutable("broken", "no-such-program", ".");
        builder.AddExecutable("waiter", "true", ".").WaitFor(broken);

        await using var app = await builder.BuildAsync(Ct);
        await app.StartAsync(Ct);

        await app.ResourceNotifications.WaitForResourceAsync("broken", KnownResourceStates.FailedToStart, Ct);
        await app.ResourceNotifications.WaitForResourceAsync("waiter", KnownResourceStates.FailedToStart, Ct);
        await Assert.ThrowsAsync<DistributedApplicationException>(() => app.ResourceNotifications.WaitForResourceHealthyAsync("waiter", Ct));
    }

    [Fact]
    public async Task Commands_stop_start_and_restart_a_process()
    {
        using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddExecutable("sleeper", "sleep", ".", "600");
        await using var app = await builder.BuildAsync(Ct);
        await app.StartAsync(Ct);
        var sleeper = await app.ResourceNotifications.WaitForResourceHealthyAsync("sleeper", Ct);

        var restart = await app.ResourceCommands.ExecuteCommandAsync(sleeper.ResourceId, KnownResourceCommands.RestartCommand, Ct);
        var stop = await app.ResourceCommands.ExecuteCommandAsync("sleeper", KnownResourceCommands.StopCommand, Ct);
        var again = await app.ResourceCommands.ExecuteCommandAsync("sleeper", KnownResourceCommands.StopCommand, Ct);

        Assert.True(restart.Success && stop.Success);
        Assert.False(again.Success);
        Assert.True(app.ResourceNotifications.TryGetCurrentState(sleeper.ResourceId, out var end));
        Assert.Equal(KnownResourceStates.Finished, end.Snapshot.State?.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1api")]
    [InlineData("api-")]
    [InlineData("a--b")]
    [InlineData("a_b")]
    public void A_bad_resource_name_is_refused(string name)
    {
        using var builder = DistributedApplicationTestingBuilder.Create();

        Assert.Throws<ArgumentException>(() => builder.AddRedis(name));
    }

    [Fact]
    public void A_test_runs_in_development_and_its_arguments_are_configuration()
    {
        using var builder = DistributedApplicationTestingBuilder.Create("--no-install", "--replicas", "3");

        Assert.Equal("Development", builder.Environment.EnvironmentName);
        Assert.Equal("3", builder.Configuration["replicas"]);
    }

    [Fact]
    public void A_second_resource_of_the_same_name_is_refused()
    {
        using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddRedis("redis");

        Assert.Throws<DistributedApplicationException>(() => builder.AddMySql("Redis"));
    }

    [Fact]
    public async Task The_data_of_a_test_is_gone_after_it()
    {
        using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddRedis("redis");
        string folder;
        await using (var app = await builder.BuildAsync(Ct))
        {
            await app.StartAsync(Ct);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("redis", Ct);
            folder = app.Services.GetRequiredService<Aspire.Hosting.Engine.DataFolder>().Path;
            Assert.True(Directory.Exists(folder));
        }

        Assert.False(Directory.Exists(folder));
    }

    private static async Task<List<LogLine>> LogAsync(DistributedApplication app, string name)
    {
        var lines = new List<LogLine>();
        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().WatchAsync(name).WithCancellation(Ct))
        {
            lines.AddRange(batch);
            if (lines.Exists(line => line.Content.Contains("exited with code", StringComparison.Ordinal)))
                break;
        }

        return lines;
    }
}
