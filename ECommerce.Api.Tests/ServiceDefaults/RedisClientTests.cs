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
    private const string Absent = "127.0.0.1:1,password=s3cret";

    [Fact]
    public async Task Absent_redis_degrades_the_service_only()
    {
        using var host = BuildHost(("ConnectionStrings:redis", Absent));

        var report = await host.Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Degraded, report.Status);
        var redis = report.Entries["StackExchange.Redis"];
        Assert.Equal(HealthStatus.Degraded, redis.Status);
        Assert.DoesNotContain("s3cret", $"{redis.Description} {redis.Exception}", StringComparison.Ordinal);
        Assert.False(host.Services.GetRequiredService<IConnectionMultiplexer>().IsConnected);
    }

    [Fact]
    public void Connection_is_one_per_process()
    {
        using var host = BuildHost(("ConnectionStrings:redis", Absent));

        Assert.Same(
            host.Services.GetRequiredService<IConnectionMultiplexer>(),
            host.Services.GetRequiredService<IConnectionMultiplexer>());
    }

    [Fact]
    public void Missing_address_is_an_error_that_names_the_setting()
    {
        using var host = BuildHost();

        var exception = Assert.Throws<InvalidOperationException>(
            host.Services.GetRequiredService<IConnectionMultiplexer>);

        Assert.Contains("ConnectionStrings:redis", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Health_check_can_be_disabled()
    {
        using var with = BuildHost(("ConnectionStrings:redis", Absent));
        using var without = BuildHost(
            ("ConnectionStrings:redis", Absent), ("Aspire:StackExchange:Redis:DisableHealthChecks", "true"));

        Assert.Equal(["self", "StackExchange.Redis"], Checks(with));
        Assert.Equal(["self"], Checks(without));
    }

    [Fact]
    public void Connection_string_wins_over_the_section_and_redis_url()
    {
        var url = ("REDIS_URL", "redis://a");
        var section = ("Aspire:StackExchange:Redis:redis:ConnectionString", "c:3");

        Assert.Equal("b:2", EndPoint(url, section, ("ConnectionStrings:redis", "b:2")));
        Assert.Equal("c:3", EndPoint(url, section));
        Assert.Equal("a:6379", EndPoint(url));

        static string EndPoint(params (string Key, string Value)[] settings) =>
            Format(Assert.Single(Options(settings).EndPoints));
    }

    [Theory]
    [InlineData("redis://localhost", "localhost:6379", null, null, false)]
    [InlineData("redis://:p%40s,s@cache.example:7000/3", "cache.example:7000", "p@s,s", 3, false)]
    [InlineData("rediss://default:pw@cache.example", "cache.example:6379", "pw", null, true)]
    [InlineData("redis://pw@[::1]:7001", "[::1]:7001", "pw", null, false)]
    [InlineData("cache:6380,password=pw,defaultDatabase=2", "cache:6380", "pw", 2, false)]
    public void Url_and_connection_string_are_both_read(
        string text, string endPoint, string? password, int? database, bool tls)
    {
        var options = Options(("ConnectionStrings:redis", text));

        Assert.Equal(endPoint, Format(Assert.Single(options.EndPoints)));
        Assert.Equal(password, options.Password);
        Assert.Equal(database, options.DefaultDatabase);
        Assert.Equal(tls, options.Ssl);
        Assert.False(options.AbortOnConnectFail);
        Assert.Equal(2000, options.ConnectTimeout);
    }

    [Theory]
    [InlineData("redis://shop:pw@cache.example", "shop")]
    [InlineData("redis://:pw@cache.example", null)]
    public void User_of_the_url_authenticates(string text, string? user) =>
        Assert.Equal(user, Options(("ConnectionStrings:redis", text)).User);

    [Fact]
    public void Stated_option_replaces_the_default()
    {
        var defaults = Options(("ConnectionStrings:redis", "cache:6380"));
        var stated = Options(
            ("ConnectionStrings:redis", "cache:6380,protocol=resp3,connectTimeout=700,allowAdmin=false"),
            ("Aspire:StackExchange:Redis:ConfigurationOptions:ConnectRetry", "7"));

        Assert.Equal(RedisProtocol.Resp2, defaults.Protocol);
        Assert.Same(BacklogPolicy.FailFast, defaults.BacklogPolicy);
        Assert.True(defaults.AllowAdmin);
        Assert.Equal(RedisProtocol.Resp3, stated.Protocol);
        Assert.Equal(700, stated.ConnectTimeout);
        Assert.False(stated.AllowAdmin);
        Assert.Equal(7, stated.ConnectRetry);
    }

    [Theory]
    [InlineData("redis://someone:s3cret@host/first")]
    [InlineData("redis://someone:s3cret@ho st")]
    public void Malformed_url_is_refused_without_its_password(string url)
    {
        var exception = Assert.Throws<FormatException>(() => RedisUrl.Parse(url));

        Assert.DoesNotContain("s3cret", exception.ToString(), StringComparison.Ordinal);
    }

    private static ConfigurationOptions Options(params (string Key, string Value)[] settings)
    {
        using var host = BuildHost(settings);
        return host.Services.GetRequiredService<IOptions<ConfigurationOptions>>().Value;
    }

    private static IHost BuildHost(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)));
        builder.AddServiceDefaults();
        builder.AddRedis("redis");
        return builder.Build();
    }

    private static string Format(EndPoint endPoint) =>
        endPoint is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : endPoint.ToString()!;

    private static IEnumerable<string> Checks(IHost host) =>
        host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations.Select(
            check => check.Name);
}
