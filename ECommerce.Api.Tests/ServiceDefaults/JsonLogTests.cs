using System.Text.Json.Nodes;
using ECommerce.Caching.Diagnostics;
using ECommerce.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ECommerce.Api.Tests.ServiceDefaults;

public sealed class JsonLogTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"ecommerce-log-{Guid.NewGuid():N}");

    [Fact]
    public void An_event_of_the_cache_is_its_fields_and_nothing_else()
    {
        var line = Assert.Single(Lines(logs =>
        {
            var requests = logs.CreateLogger("Requests");
            using (requests.BeginScope(new KeyValuePair<string, object>[] { new("correlation_id", "req-1") }))
                new CacheLog(logs.CreateLogger(CacheLogCategory.Name)).Hit("order:tenant1:12%3A3", "redis", 1800);
        }));

        Assert.StartsWith(
            """{"event":"cache_hit","key":"order:tenant1:12%3A3","layer":"redis","ttl_remaining":1800"""
            + ""","correlation_id":"req-1","timestamp":"2026-07-15T10:00:00.000Z"}""",
            line);
    }

    [Fact]
    public void An_error_has_its_reason_and_outside_a_request_there_is_no_id()
    {
        var line = Assert.Single(
            Lines(
                logs =>
                    new CacheLog(logs.CreateLogger(CacheLogCategory.Name))
                        .RedisFailed(new TimeoutException("too late"), "read", "k")));

        var json = JsonNode.Parse(line)!;
        Assert.Equal("cache_error", (string?)json["event"]);
        Assert.Equal("TimeoutException: too late", (string?)json["error"]);
        Assert.Null(json["correlation_id"]);
    }

    [Fact]
    public void Every_other_line_is_its_message_on_one_line()
    {
        var line = Assert.Single(Lines(logs => logs.CreateLogger("Some.Category").Log(
            LogLevel.Error, default, "two\nlines \"quoted\"", new InvalidOperationException("no"), static (text, _) =>
                text)));

        var json = JsonNode.Parse(line)!;
        Assert.Equal("Error", (string?)json["level"]);
        Assert.Equal("Some.Category", (string?)json["category"]);
        Assert.Equal("two\nlines \"quoted\"", (string?)json["message"]);
        Assert.Contains("InvalidOperationException: no", (string?)json["exception"]);
    }

    [Fact]
    public void A_file_that_cannot_be_written_stops_the_start_with_one_line_that_names_it()
    {
        var wrong = Assert.Throws<OptionsValidationException>(
            () => LogFile.Open(Settings("/nowhere/at/all.log"), TimeProvider.System));

        Assert.StartsWith("LOG_FILE is '/nowhere/at/all.log'", Assert.Single(wrong.Failures));
    }

    private string[] Lines(Action<ILoggerFactory> log)
    {
        var name = _path + "-{pid}";
        // Disposed with the services, as with a host: what was logged is in the file then.
        using (var services = new ServiceCollection()
            .AddSingleton<ILoggerProvider>(_ => LogFile.Open(Settings(name), new ManualTime())!)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Debug))
            .BuildServiceProvider())
        {
            log(services.GetRequiredService<ILoggerFactory>());
        }
        return File.ReadAllLines($"{_path}-{Environment.ProcessId}");
    }

    private static IConfiguration Settings(string file) =>
        new ConfigurationBuilder().AddInMemoryCollection([new("LOG_FILE", file)]).Build();

    public void Dispose()
    {
        File.Delete($"{_path}-{Environment.ProcessId}");
    }
}
