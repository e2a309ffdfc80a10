using System.Collections.Concurrent;
using System.Net;
using System.Xml.Linq;
using ECommerce.Mocks.FatturaPa;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;

namespace ECommerce.Api.Tests.Mocks.FatturaPa;

public sealed class FatturaPaMockTests : IDisposable
{
    private const string Key = "TestKeyOfTheProvider";

    private readonly LogLines _log = new();
    private readonly WebApplicationFactory<ProviderOptions> _factory;

    public FatturaPaMockTests() =>
        _factory = new WebApplicationFactory<ProviderOptions>().WithWebHostBuilder(host => host
        .UseSetting("key", Key)
        .ConfigureLogging(logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(_log)));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _factory.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task The_key_is_verified()
    {
        using var client = _factory.CreateClient();

        Assert.Equal(
            "true", await client.GetStringAsync(
                new Uri($"/ws/V10.svc/rest/Verify/{Key}", UriKind.Relative), Cancellation));
    }

    [Fact]
    public async Task A_wrong_key_is_a_fault_of_wcf()
    {
        using var client = _factory.CreateClient();
        using var response = await client.GetAsync(
            new Uri("/ws/V10.svc/rest/Verify/wrong", UriKind.Relative), Cancellation);

        var fault = XDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation)).Root!;
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("Fault", fault.Name.LocalName);
        Assert.Equal("Invalid key", fault.Descendants().Single(element => element.Name.LocalName == "Text").Value);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task The_process_is_healthy(string path)
    {
        using var client = _factory.CreateClient();

        Assert.Equal("Healthy", await client.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation));
    }

    [Fact]
    public async Task The_key_is_in_no_line_and_no_scope_of_the_log()
    {
        using var client = _factory.CreateClient();
        await client.GetStringAsync(new Uri($"/ws/V10.svc/rest/Verify/{Key}", UriKind.Relative), Cancellation);

        Assert.NotEmpty(_log.Lines);
        Assert.DoesNotContain(_log.Lines, line => line.Contains(Key, StringComparison.Ordinal));
    }

    /// <summary>Keeps every line with its scopes.</summary>
    private sealed class LogLines : ILoggerProvider, ISupportExternalScope
    {
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Logger(this);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose()
        {
        }

        private sealed class Logger(LogLines lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => lines._scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception,
                Func<TState, Exception?, string> formatter)
            {
                lines.Lines.Enqueue(formatter(state, exception));
                lines._scopes.ForEachScope((scope, all) => all.Enqueue(scope?.ToString() ?? ""), lines.Lines);
            }
        }
    }
}
