using System.Collections.Concurrent;
using System.Diagnostics;
using ECommerce.Api.Tests.Mocks.FatturaPa;
using ECommerce.Features.Invoices.Channel;
using ECommerce.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Logging;

namespace ECommerce.Api.Tests.Invoices.Channel;

public sealed class KeySecrecyTests
{
    [Theory]
    [InlineData("drop")]
    [InlineData("error500")]
    [InlineData("refused")]
    [InlineData("unauthorized")]
    [InlineData("fault_in200")]
    [InlineData("redirect")]
    [InlineData("html")]
    [InlineData("drip")]
    public async Task Key_is_in_no_exception(string fault)
    {
        await using var test = new ChannelUnderTest();
        await test.Mock.FaultAsync(fault, "pool", times: 0);

        var failure = await Assert.ThrowsAsync<FatturaPaException>(() => test.ReadAsync());
        Assert.DoesNotContain(FatturaPaMock.Key, failure.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Null(failure.InnerException);
    }

    [Fact]
    public async Task Key_is_in_no_line_of_the_log()
    {
        using var log = new Lines();
        await using var test = new ChannelUnderTest(null, log);
        await test.Mock.FaultAsync("error500", "uploadstart1");
        await test.SendAsync(1);
        await test.ReadAsync();

        Assert.DoesNotContain(log.All, line => line.Contains(FatturaPaMock.Key, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(log.All, line => line.Contains("sig=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Key_is_in_no_address_of_a_trace()
    {
        var addresses = new ConcurrentBag<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "System.Net.Http",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => addresses.Add(activity.GetTagItem("url.full") as string ?? ""),
        };
        ActivitySource.AddActivityListener(listener);
        await using var test = new ChannelUnderTest();
        await test.SendAsync(1);
        await test.ReadAsync();

        var own = addresses.Where(address => address.Contains($":{test.Mock.Address.Port}/", StringComparison.Ordinal))
            .Select(UrlRedaction.Redact).ToArray();
        Assert.Contains(own, address => address.Contains("/UploadStop/*/", StringComparison.Ordinal));
        Assert.DoesNotContain(own, address => address.Contains(FatturaPaMock.Key, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(own, address => address.Contains("sig=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a?b")]
    public void Text_that_can_be_no_key_is_refused_without_its_value(string? text)
    {
        var failure = Assert.Throws<FatturaPaException>(() => ProviderKey.Create(text));

        Assert.Equal(ProviderFault.InvalidKey, failure.Fault);
        Assert.DoesNotContain("a/b", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_of_a_key_is_not_the_key() => Assert.Equal("***", $"{ProviderKey.Create("secret")}");

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            All.Enqueue(state.ToString() ?? "");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => All.Enqueue($"{formatter(state, exception)}{exception}");

        public void Dispose()
        {
        }
    }
}
