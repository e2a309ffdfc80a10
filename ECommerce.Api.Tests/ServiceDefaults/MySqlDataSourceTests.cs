using System.Data.Common;
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
