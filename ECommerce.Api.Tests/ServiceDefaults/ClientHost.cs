using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;

namespace ECommerce.Api.Tests.ServiceDefaults;

/// <summary>A host with the service defaults whose client "shop" sends to a stub.</summary>
internal sealed class ClientHost : IDisposable
{
    private readonly IHost _host;

    public ClientHost(
        HttpMessageHandler network,
        ManualTime? time = null,
        Action<HttpStandardResilienceOptions>? resilience = null,
        Dictionary<string, string?>? settings = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        if (time is not null)
            builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddServiceDefaults();
        builder.Services.ConfigureAll<HttpStandardResilienceOptions>(options =>
        {
            options.Retry.Delay = TimeSpan.Zero;
            resilience?.Invoke(options);
        });
        builder.Services.AddHttpClient("shop").ConfigurePrimaryHttpMessageHandler(() => network);
        _host = builder.Build();
    }

    public HttpClient Client => _host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("shop");

    public void Dispose() => _host.Dispose();
}
