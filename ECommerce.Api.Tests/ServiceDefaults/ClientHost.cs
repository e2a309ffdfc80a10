using ECommerce.ServiceDefaults.Resilience;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Api.Tests.ServiceDefaults;

/// <summary>A host with the service defaults whose client "shop" talks to a stub.</summary>
internal sealed class ClientHost : IDisposable
{
    private readonly IHost _host;

    public ClientHost(
        StubHandler network, ManualTime? time = null, Action<HttpResilienceOptions>? resilience = null, Dictionary<string, string?>? settings = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        if (time is not null) builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddServiceDefaults();
        builder.Services.AddHttpClient("shop")
            .ConfigurePrimaryHttpMessageHandler(() => network)
            .ConfigureResilience(options =>
            {
                options.RetryDelay = TimeSpan.Zero;
                resilience?.Invoke(options);
            });
        _host = builder.Build();
    }

    public HttpClient Client => _host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("shop");

    public void Dispose() => _host.Dispose();
}
