using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using ECommerce.ServiceDefaults.MySql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MySqlConnector;

namespace ECommerce.Api.Tests.ServiceDefaults;

public class MySqlDataSourceTests
{
    private const string Nowhere = "Server=127.0.0.1;Port=1;User ID=root;Password=s3cret;Database=ecommercedb";

    [Fact]
    public async Task An_absent_database_makes_the_service_unhealthy()
    {
        using var host = BuildHost(new() { ["ConnectionStrings:ecommercedb"] = Nowhere });

        var report = await host.Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Unhealthy, report.Entries["MySql"].Status);
        Assert.DoesNotContain("s3cret", report.Entries["MySql"].Description, StringComparison.Ordinal);
    }

    [Fact]
    public void The_data_source_is_one_for_the_process_and_does_not_show_its_password()
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
    public async Task Opening_a_session_of_a_silent_server_ends_with_the_connection_timeout()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var host = BuildHost(Silent(silent));

        var opening = host.Services.GetRequiredService<DbDataSource>()
            .OpenConnectionAsync(TestContext.Current.CancellationToken).AsTask();

        var exception = await Assert.ThrowsAsync<MySqlException>(
            () => opening.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Equal(MySqlErrorCode.UnableToConnectToHost, exception.ErrorCode);
        Assert.True(DatabaseErrors.IsUnavailable(exception));
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
        using var host = BuildHost(
            new()
            {
                ["ConnectionStrings:ecommercedb"] = Nowhere,
                ["Aspire:MySqlConnector:DisableHealthChecks"] = "true"
            });

        var report = await host.Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["self"], report.Entries.Keys);
    }

    [Fact]
    public void Defaults_complete_a_connection_string()
    {
        var complete = new DbConnectionStringBuilder { ConnectionString = MySqlConnectionDefaults.Apply(Nowhere) };

        Assert.Equal("5", complete["Connection Timeout"]);
        Assert.Equal("40", complete["Maximum Pool Size"]);
        Assert.Equal("s3cret", complete["Password"]);
    }

    [Fact]
    public void Required_settings_win_over_given_ones()
    {
        var complete = new MySqlConnectionStringBuilder(
            MySqlConnectionDefaults.Apply(
                $"{Nowhere};AllowUserVariables=false;UseAffectedRows=true;DateTimeKind=Local"));

        Assert.True(complete.AllowUserVariables);
        Assert.False(complete.UseAffectedRows);
        Assert.Equal(MySqlDateTimeKind.Utc, complete.DateTimeKind);
    }

    [Theory]
    [InlineData("Max Pool Size=7;Connect Timeout=2")]
    [InlineData("MaximumPoolSize=7;ConnectionTimeout=2")]
    [InlineData("maxpoolsize=7;connection timeout=2")]
    public void Given_settings_win_over_defaults_in_every_spelling(string given)
    {
        var complete =
            new DbConnectionStringBuilder { ConnectionString = MySqlConnectionDefaults.Apply($"{Nowhere};{given}") };

        Assert.Equal("7", complete["Maximum Pool Size"]);
        Assert.Equal("2", complete["Connection Timeout"]);
    }

    private static Dictionary<string, string?> Silent(TcpListener listener) => new()
    {
        ["ConnectionStrings:ecommercedb"] =
            $"Server=127.0.0.1;Port={((IPEndPoint)listener.LocalEndpoint).Port};User ID=root;Connection Timeout=1",
    };

    private static IHost BuildHost(Dictionary<string, string?> settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddServiceDefaults();
        builder.AddMySqlDataSource("ecommercedb");
        return builder.Build();
    }
}
