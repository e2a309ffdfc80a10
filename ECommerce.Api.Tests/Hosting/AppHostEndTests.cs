namespace ECommerce.Api.Tests.Hosting;

public sealed class AppHostEndTests
{
    private const string Welcome = "Demo users";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_apphost_leaves_no_process_and_starts_again_on_its_data()
    {
        using var appHost = new AppHostProcess();
        await StartAsync(appHost);
        Assert.Contains(appHost.Processes(), process => process.Contains("mariadbd", StringComparison.Ordinal));
        Assert.Contains(appHost.Processes(), process => process.Contains("redis-server", StringComparison.Ordinal));

        await appHost.SendAsync("KILL");
        await NoProcessAsync(appHost);

        await StartAsync(appHost, starts: 2);
        await appHost.SendAsync("TERM");
        Assert.Equal(0, await appHost.ExitCodeAsync(Ct));
        await NoProcessAsync(appHost);
    }

    [Fact]
    public async Task Killed_dotnet_run_leaves_no_process()
    {
        using var appHost = new AppHostProcess();
        appHost.StartByDotnetRun();
        await appHost.UntilAsync(host => host.Output.Contains(Welcome, StringComparison.Ordinal), "the start", Ct);

        await appHost.SendAsync("KILL");

        await NoProcessAsync(appHost);
    }

    [Fact]
    public async Task Ctrl_C_ends_the_apphost_and_leaves_no_process()
    {
        using var appHost = new AppHostProcess();
        await StartAsync(appHost);

        await appHost.SendAsync("INT");

        Assert.Equal(0, await appHost.ExitCodeAsync(Ct));
        await NoProcessAsync(appHost);
    }

    [Fact]
    public async Task Start_prints_the_addresses_the_demo_users_and_the_first_command()
    {
        using var appHost = new AppHostProcess();
        await StartAsync(appHost, "--replicas=2");
        await appHost.UntilAsync(
            host => host.Output.Contains("\"password\":", StringComparison.Ordinal), "the last line", Ct);

        Assert.Matches($@"API +http://localhost:{appHost.ApiPort}/swagger", appHost.Output);
        Assert.Matches($@"Dashboard +http://localhost:{appHost.DashboardPort}/login\?t=\w+", appHost.Output);
        Assert.Matches(@"Metrics +http://localhost:\d+/metrics  http://localhost:\d+/metrics\n", appHost.Output);
        Assert.Contains(
            $"curl -s http://localhost:{appHost.ApiPort}/api/v1/auth/login", appHost.Output, StringComparison.Ordinal);
        using var client = new HttpClient();
        foreach (var address in appHost.Output.Split(' ', '\n').Where(
            word => word.EndsWith("/metrics", StringComparison.Ordinal)))
        {
            Assert.Contains("# TYPE", await client.GetStringAsync(new Uri(address), Ct), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Missing_programs_are_installed_before_the_start()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root installs packages.");
        using var appHost = new AppHostProcess();
        using var programs = new ProgramFolder();
        // The packages are on this machine, but not in PATH: installing makes them visible.
        var links = ((string[])["redis-server", "mariadbd", "mariadb-install-db"])
            .Select(program => $"/usr/bin/ln -sf {ProgramFolder.LocalPath(program)} {programs.Path}/{program}");
        programs.AddScript("apt-get", $"test \"$1\" = install || exit 0\n{string.Join('\n', links)}");
        appHost.Environment["PATH"] = programs.Path;

        appHost.Start();
        await appHost.UntilAsync(
            host => host.Output.Contains("Distributed application start", StringComparison.Ordinal), "the start", Ct);

        Assert.StartsWith(
            "Installing redis-server mariadb-server-core mariadb-client-core with apt-get "
            + "(--no-install prevents it) ...",
            appHost.Output, StringComparison.Ordinal);
    }

    private static Task StartAsync(AppHostProcess appHost, params string[] args) => StartAsync(appHost, 1, args);

    private static async Task StartAsync(AppHostProcess appHost, int starts, params string[] args)
    {
        appHost.Start(args);
        await appHost.UntilAsync(host => host.Output.Split(Welcome).Length == starts + 1, "the start", Ct);
    }

    // The orchestrator of Aspire ends some seconds after the AppHost.
    private static Task NoProcessAsync(AppHostProcess appHost) =>
        appHost.UntilAsync(host => host.Processes().Count == 0, "the end of all processes", Ct);
}
