using System.Net;
using ECommerce.ServiceDefaults.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ECommerce.Api.Tests.ServiceDefaults;

public class RedisClientTests
{
    // Port 1 refuses at once.
    private const string Nowhere = "127.0.0.1:1,password=s3cret";

    [Fact]
    public async Task An_absent_redis_degrades_the_service_and_no_more()
    {
        using var host = BuildHost(new() { ["ConnectionStrings:redis"] = Nowhere });

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Equal(HealthStatus.Degraded, report.Entries["StackExchange.Redis"].Status);
        Assert.DoesNotContain("s3cret", report.Entries["StackExchange.Redis"].Description, StringComparison.Ordinal);
        Assert.False(host.Services.GetRequiredService<IConnectionMultiplexer>().IsConnected);
    }

    [Fact]
    public void The_connection_is_one_for_the_process()
    {
        using var host = BuildHost(new() { ["ConnectionStrings:redis"] = Nowhere });

        Assert.Same(host.Services.GetRequiredService<IConnectionMultiplexer>(), host.Services.GetRequiredService<IConnectionMultiplexer>());
    }

    [Fact]
    public void Without_an_address_the_error_names_the_setting()
    {
        using var host = BuildHost([]);

        var exception = Assert.Throws<InvalidOperationException>(host.Services.GetRequiredService<IConnectionMultiplexer>);

        Assert.Contains("ConnectionStrings:redis", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_health_check_can_be_left_out_and_comes_once()
    {
        using var without = BuildHost(new() { ["ConnectionStrings:redis"] = Nowhere, ["Aspire:StackExchange:Redis:DisableHealthChecks"] = "true" });
        using var twice = BuildHost(new() { ["ConnectionStrings:redis"] = Nowhere }, builder => builder.AddRedisClient("redis"));

        Assert.Equal(["self"], Checks(without));
        Assert.Equal(["self", "StackExchange.Redis"], Checks(twice));
    }

    [Fact]
    public void The_connection_string_goes_before_the_section_and_redis_url()
    {
        var url = ("REDIS_URL", "redis://a");
        var connectionString = ("ConnectionStrings:r", "b");

        Assert.Equal("b", Read(url, connectionString, ("Aspire:StackExchange:Redis:ConnectionString", "c")));
        Assert.Equal("c", Read(url, ("Aspire:StackExchange:Redis:r:ConnectionString", "c")));
        Assert.Equal("redis://a", Read(url));

        static string? Read(params (string Key, string Value)[] settings) =>
            StackExchangeRedisSettings.Read(Configuration(settings), "r", null).ConnectionString;
    }

    [Theory]
    [InlineData("redis://localhost", "localhost", 6379, null, null, false)]
    [InlineData("redis://:p%40ss@cache.example:7000/3", "cache.example", 7000, "p@ss", 3, false)]
    [InlineData("rediss://default:pw@cache.example", "cache.example", 6379, "pw", null, true)]
    [InlineData("cache:6380,password=pw,defaultDatabase=2", "cache", 6380, "pw", 2, false)]
    public void Both_ways_of_writing_an_address_are_read(string text, string host, int port, string? password, int? database, bool tls)
    {
        var options = RedisConnectionString.Parse(text);

        Assert.Equal(new DnsEndPoint(host, port), Assert.Single(options.EndPoints));
        Assert.Equal(password, options.Password);
        Assert.Equal(database, options.DefaultDatabase);
        Assert.Equal(tls, options.Ssl);
        Assert.False(options.AbortOnConnectFail);
    }

    [Theory]
    [InlineData("redis://shop:pw@cache.example", "shop")]
    [InlineData("redis://:pw@cache.example", null)]
    public void A_user_of_redis_logs_in_by_his_name(string text, string? user) => Assert.Equal(user, RedisConnectionString.Parse(text).User);

    [Theory]
    [InlineData("cache:6380", RedisProtocol.Resp2)]
    [InlineData("cache:6380,protocol=resp3", RedisProtocol.Resp3)]
    public void Messages_have_a_connection_of_their_own_unless_another_protocol_is_asked_for(string text, RedisProtocol protocol)
    {
        var options = RedisConnectionString.Parse(text);

        Assert.Equal(protocol, options.Protocol);
        Assert.Same(BacklogPolicy.FailFast, options.BacklogPolicy);
        Assert.True(options.AllowAdmin);
    }

    [Fact]
    public void A_bad_address_is_refused_without_its_password()
    {
        var exception = Assert.Throws<FormatException>(() => RedisConnectionString.Parse("redis://someone:s3cret@host/first"));

        Assert.DoesNotContain("s3cret", exception.Message, StringComparison.Ordinal);
    }

    private static IHost BuildHost(Dictionary<string, string?> settings, Action<IHostApplicationBuilder>? more = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddServiceDefaults();
        builder.AddRedisClient("redis");
        more?.Invoke(builder);
        return builder.Build();
    }

    private static IEnumerable<string> Checks(IHost host) =>
        host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Select(check => check.Name);

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();
}
