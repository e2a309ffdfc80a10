using System.Net;
using System.Net.Sockets;
using ECommerce.AppHost.Hosting;

namespace ECommerce.Api.Tests.Hosting;

/// <summary>An error that prevents the start is one line that names its remedy, and exit code 1.</summary>
public sealed class StartupErrorTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--replicas=0", "--replicas must be a number from 1 to 20, not '0'.")]
    [InlineData("--replicas=two", "--replicas must be a number from 1 to 20, not 'two'.")]
    [InlineData("--port=99999", "--port must be a number from 1 to 65535, not '99999'.")]
    [InlineData("--containers=maybe", "--containers must be true or false, not 'maybe'.")]
    public async Task Value_out_of_range_names_the_option_and_its_range(string argument, string message)
    {
        using var appHost = new AppHostProcess();

        await FailsAsync(appHost, message, argument);
    }

    [Fact]
    public async Task Taken_port_names_the_option_that_changes_it()
    {
        using var appHost = new AppHostProcess();
        using var other = new TcpListener(IPAddress.Loopback, appHost.ApiPort);
        other.Start();

        await FailsAsync(appHost, $"Port {appHost.ApiPort} is taken: choose another with --port=N.");
    }

    [Fact]
    public async Task Taken_port_of_the_dashboard_names_the_variable_that_changes_it()
    {
        using var appHost = new AppHostProcess();
        using var other = new TcpListener(IPAddress.Loopback, appHost.DashboardPort);
        other.Start();

        await FailsAsync(
            appHost,
            $"Port {appHost.DashboardPort} of the dashboard is taken: set ASPNETCORE_URLS to another address.");
    }

    [Fact]
    public async Task Data_folder_that_cannot_be_written_names_the_option_that_changes_it()
    {
        using var appHost = new AppHostProcess();
        // Not even root can create a folder there.
        var data = Path.Combine("/proc", "data");

        await FailsAsync(
            appHost, $"The data folder {data} cannot be written: choose another with --data=FOLDER.", $"--data={data}");
    }

    [Fact]
    public async Task Second_apphost_of_the_same_data_folder_is_refused()
    {
        using var first = new AppHostProcess();
        using var second = new AppHostProcess();
        first.Start();
        await first.UntilAsync(host => File.Exists(Path.Combine(host.Data, "lock")), "the lock", Ct);

        await FailsAsync(
            second,
            $"Another AppHost uses the data folder {first.Data}: stop it first, or choose another with --data=FOLDER.",
            $"--data={first.Data}");
    }

    [Fact]
    public async Task Missing_programs_without_a_runtime_name_the_packages_of_each_system()
    {
        using var appHost = new AppHostProcess();
        using var programs = new ProgramFolder();
        appHost.Environment["PATH"] = programs.Path;

        await FailsAsync(
            appHost,
            "Missing: redis-server, mariadbd, mariadb-install-db. Debian: apt-get install --no-install-recommends "
            + "redis-server mariadb-server-core mariadb-client-core; macOS: brew install redis mariadb; "
            + "Windows and others: start Docker or Podman, and containers are used.");
    }

    [Theory]
    [InlineData("--no-install", null)]
    [InlineData("--no-install=true", null)]
    [InlineData("--replicas=1", "1")]
    public async Task Forbidden_installation_runs_no_package_manager(string argument, string? variable)
    {
        using var appHost = new AppHostProcess();
        using var programs = new ProgramFolder();
        programs.AddScript("apt-get", "echo apt-get was run >&2; exit 1");
        appHost.Environment["PATH"] = programs.Path;
        if (variable is not null)
            appHost.Environment["ECOMMERCE_NO_INSTALL"] = variable;

        appHost.Start(argument);

        Assert.True(await appHost.ExitCodeAsync(Ct) == 1, appHost.Output);
        Assert.StartsWith("Missing: redis-server, mariadbd", appHost.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("apt-get was run", appHost.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_installation_prints_the_error_of_the_package_manager_on_one_line()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root installs packages.");
        using var appHost = new AppHostProcess();
        using var programs = new ProgramFolder();
        programs.AddScript("apt-get", "echo first >&2; echo second >&2; exit 100");
        appHost.Environment["PATH"] = programs.Path;

        await FailsAsync(
            appHost,
            "Installing redis-server mariadb-server-core mariadb-client-core with apt-get "
            + "(--no-install prevents it) ...\n"
            + "apt-get update failed: first second");
    }

    [Fact]
    public void Missing_programs_without_root_name_root_as_a_way_out()
    {
        var missing = new LocalPrograms(["no-such-server"], ["no-such-package"], "no-such-brew");

        Assert.Equal(
            "Missing: no-such-server (as root, the AppHost installs them). "
            + "Debian: apt-get install --no-install-recommends no-such-package; "
            + "macOS: brew install no-such-brew; Windows and others: start Docker or Podman, and containers are used.",
            LocalPrograms.Explain([missing], needsRoot: true));
    }

    [Fact]
    public async Task Containers_without_a_runtime_are_refused()
    {
        using var appHost = new AppHostProcess();
        using var programs = new ProgramFolder();
        // The client alone is no runtime.
        programs.AddScript("docker", "echo Cannot connect to the Docker daemon >&2; exit 1");
        appHost.Environment["PATH"] = programs.Path;

        await FailsAsync(
            appHost,
            "--containers=true needs a container runtime that runs: start Docker or Podman, or leave the option out.",
            "--containers=true");
    }

    private static async Task FailsAsync(AppHostProcess appHost, string message, params string[] args)
    {
        appHost.Start(args);

        Assert.True(await appHost.ExitCodeAsync(Ct) == 1, appHost.Output);
        Assert.Equal(message, appHost.Output);
        Assert.Empty(appHost.Processes());
    }
}
