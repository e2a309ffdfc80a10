using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using ECommerce.ServiceDefaults.MySql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Api.Tests.ServiceDefaults;

public class MySqlDataSourceTests
{
    private const string Nowhere = "Server=127.0.0.1;Port=1;User ID=root;Password=s3cret;Database=ecommercedb";

    [Fact]
    public async Task An_absent_database_makes_the_service_unhealthy()
    {
        using var host = BuildHost(new() { ["ConnectionStrings:ecommercedb"] = Nowhere });

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["MySql"].Status);
        Assert.DoesNotContain("s3cret", report.Entries["MySql"].Description, StringComparison.Ordinal);
    }

    [Fact]
    public void The_data_source_is_one_for_the_process_and_does_not_tell_its_password()
    {
        using var host = BuildHost(new() { ["ConnectionStrings:ecommercedb"] = Nowhere });

        var source = host.Services.GetRequiredService<DbDataSource>();

        Assert.Same(source, host.Services.GetRequiredService<DbDataSource>());
        Assert.Contains("ecommercedb", source.ConnectionString, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", source.ConnectionString, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_address_the_error_names_the_setting()
    {
        using var host = BuildHost([]);

        var exception = Assert.Throws<InvalidOperationException>(host.Services.GetRequiredService<DbDataSource>);

        Assert.Contains("ConnectionStrings:ecommercedb", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silent_server_is_given_up_in_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var time = new ManualTime();
        using var host = BuildHost(Silent(silent), time);

        var opening = host.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(TestContext.Current.CancellationToken).AsTask();
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(4));
        time.Advance(TimeSpan.FromSeconds(4));

        var exception = await Assert.ThrowsAsync<OpenTimeoutException>(() => opening);
        Assert.Equal("MySQL did not open a session within 4 s.", exception.Message);
    }

    [Fact]
    public async Task Opening_can_be_cancelled_while_the_server_is_silent()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var host = BuildHost(Silent(silent));
        using var source = new CancellationTokenSource();

        var opening = host.Services.GetRequiredService<DbDataSource>().OpenConnectionAsync(source.Token).AsTask();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
    }

    [Fact]
    public async Task The_health_check_can_be_left_out()
    {
        using var host = BuildHost(new() { ["ConnectionStrings:ecommercedb"] = Nowhere, ["Aspire:MySqlConnector:DisableHealthChecks"] = "true" });

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["self"], report.Entries.Keys);
    }

    [Fact]
    public void Defaults_fill_in_what_is_not_said()
    {
        var complete = new DbConnectionStringBuilder { ConnectionString = MySqlConnectionDefaults.Apply(Nowhere) };

        Assert.Equal("5", complete["connectiontimeout"]);
        Assert.Equal("40", complete["maxpoolsize"]);
        Assert.Equal("s3cret", complete["password"]);
    }

    [Theory]
    [InlineData("Max Pool Size=7;Connect Timeout=2")]
    [InlineData("MaximumPoolSize=7;ConnectionTimeout=2")]
    [InlineData("maxpoolsize=7;connection timeout=2")]
    public void What_is_said_wins_in_every_spelling(string said)
    {
        var complete = new DbConnectionStringBuilder { ConnectionString = MySqlConnectionDefaults.Apply($"{Nowhere};{said}") };

        Assert.Equal("7", complete["maxpoolsize"]);
        Assert.Equal("2", complete["connectiontimeout"]);
    }

    private static Dictionary<string, string?> Silent(TcpListener listener) => new()
    {
        ["ConnectionStrings:ecommercedb"] = $"Server=127.0.0.1;Port={((IPEndPoint)listener.LocalEndpoint).Port};User ID=root;Connection Timeout=3",
    };

    private static IHost BuildHost(Dictionary<string, string?> settings, TimeProvider? time = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings);
        if (time is not null) builder.Services.AddSingleton(time);
        builder.AddServiceDefaults();
        builder.AddMySqlDataSource("ecommercedb");
        return builder.Build();
    }
}
