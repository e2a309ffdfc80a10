using System.Net;
using System.Net.Sockets;

namespace ECommerce.Api.Tests.Hosting.Engine;

public sealed class AppHostEndTests
{
    private const string Up = "Demo users";

    [Fact]
    public async Task A_killed_apphost_leaves_no_process_behind_and_starts_again_on_its_data()
    {
        var ct = TestContext.Current.CancellationToken;
        using var appHost = new AppHostProcess();
        appHost.Start();
        await appHost.UntilAsync(host => host.Output.Contains(Up, StringComparison.Ordinal), "the start", ct);
        Assert.Contains(appHost.Processes(), process => process.Contains("mariadbd", StringComparison.Ordinal));

        appHost.Send(AppHostProcess.Kill);
        await appHost.UntilAsync(host => host.Processes().Count == 0, "the end of all processes", ct);

        appHost.Start();
        await appHost.UntilAsync(host => host.Output.Split(Up).Length == 3, "the second start", ct);
        appHost.Send(AppHostProcess.Term);
        Assert.Equal(0, await appHost.ExitCodeAsync(ct));
        Assert.Empty(appHost.Processes());
    }

    [Fact]
    public async Task Ctrl_C_stops_the_api_first_and_leaves_no_process_behind()
    {
        var ct = TestContext.Current.CancellationToken;
        using var appHost = new AppHostProcess();
        appHost.Start();
        await appHost.UntilAsync(host => host.Output.Contains(Up, StringComparison.Ordinal), "the start", ct);

        appHost.Send(AppHostProcess.Int);
        Assert.Equal(0, await appHost.ExitCodeAsync(ct));

        Assert.Empty(appHost.Processes());
        Assert.Matches(@"(?s)api-\w+: Finished.*mysql-\w+: Stopping", appHost.Output);
    }

    [Fact]
    public async Task A_taken_port_is_one_clear_error()
    {
        var ct = TestContext.Current.CancellationToken;
        using var appHost = new AppHostProcess();
        using var other = new TcpListener(IPAddress.Loopback, appHost.ApiPort);
        other.Start();

        appHost.Start();

        Assert.Equal(1, await appHost.ExitCodeAsync(ct));
        Assert.Contains($"error: Port {appHost.ApiPort} (endpoint 'http' of 'api')", appHost.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", appHost.Output, StringComparison.Ordinal);
        Assert.Empty(appHost.Processes());
    }
}
