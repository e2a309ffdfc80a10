using ECommerce.Api.Tests.Mocks.FatturaPa;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Channel.Pool;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ECommerce.Api.Tests.Invoices.Channel;

/// <summary>The channel as the API registers it, against a mock of its own.</summary>
internal sealed class ChannelUnderTest : IAsyncDisposable
{
    public static readonly ProviderKey Key = ProviderKey.Create(FatturaPaMock.Key);
    public static readonly ProviderKey OtherKey = ProviderKey.Create(FatturaPaMock.OtherKey);
    public static readonly Tenant Acme = new("acme");
    public static readonly Tenant Globex = new("globex");

    private readonly ServiceProvider _services;

    public ChannelUnderTest(params (string Name, string Value)[] settings)
        : this(null, null, settings)
    {
    }

    public ChannelUnderTest(
        string? hosts, ILoggerProvider? log = null, params (string Name, string Value)[] settings)
    {
        Mock = new FatturaPaMock(null, settings);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DATA_PROTECTION_KEY"] = "0123456789abcdef0123456789abcdef",
            ["FATTURAPA_BASE_URL"] = $"{Mock.Address}ws/V10.svc/rest",
            ["FATTURAPA_DOWNLOAD_HOSTS"] = hosts ?? $"127.0.0.1:{Mock.Address.Port}",
        }).Build();
        var services = new ServiceCollection();
        services.AddSingleton(TimeProvider.System);
        services.AddFatturaPaChannel(configuration);
        services.AddSingleton(ChannelSettings.Read(configuration) with
        {
            CallTimeout = TimeSpan.FromSeconds(5),
            TransferTimeout = TimeSpan.FromSeconds(5),
            Pause = TimeSpan.FromMilliseconds(20),
        });
        if (log is not null)
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        _services = services.BuildServiceProvider();
        Channel = _services.GetRequiredService<FatturaPaChannel>();
    }

    public FatturaPaMock Mock { get; }

    public FatturaPaChannel Channel { get; }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Sends a sample invoice.</summary>
    public Task<SendOutcome> SendAsync(int number, ProviderKey? key = null, bool lookUpFirst = false) =>
        Channel.SendAsync(
            key ?? Key, SampleInvoice.FileName(number), SampleInvoice.Create(number), lookUpFirst, Cancellation);

    public Task<PoolPage> ReadAsync(string? token = null) => Channel.ReadPoolAsync(Acme, Key, token, Cancellation);

    /// <summary>How often the mock was called so.</summary>
    public async Task<int> CountAsync(string call) => (await Mock.CallsAsync()).Count(one => one == call);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Mock.DisposeAsync();
    }
}
