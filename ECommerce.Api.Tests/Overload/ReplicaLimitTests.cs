using System.Diagnostics;

namespace ECommerce.Api.Tests.Overload;

/// <summary>The sessions of all replicas together must fit into the server: checked at the start.</summary>
public sealed class ReplicaLimitTests(ApiFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_stops_with_exit_code_1_when_replicas_times_pool_exceeds_max_connections()
    {
        var database = await fixture.MySql.CreateDatabaseAsync();
        var start = new ProcessStartInfo("dotnet", [typeof(ApiExceptionHandler).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", ["REPLICAS"] = "1000" },
        };
        foreach (var (name, value) in ApiFactory.Environment(database, fixture.Redis.ConnectionString))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;

        var error = process.StandardError.ReadToEndAsync(Ct);
        var output = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);

        var all = output + await error;
        Assert.True(process.ExitCode == 1, $"{process.ExitCode}: {all}");
        Assert.Contains("REPLICAS=1000", all);
        Assert.Contains("max_connections", all);
        Assert.DoesNotContain("Unhandled exception", all);
    }
}
