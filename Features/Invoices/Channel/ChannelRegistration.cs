using ECommerce.Features.Invoices.Channel.Pool;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Invoices.Channel;

internal static class ChannelRegistration
{
    public static void AddFatturaPaChannel(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(ChannelSettings.Read(configuration));
        services.AddSingleton(DownloadHosts.Read(configuration));
        services.AddSingleton(PageTokens.Read(configuration));
        services.AddSingleton<FatturaPaChannel>();
        AddClient(services, FatturaPaChannel.ProviderClient, static _ => Handler());
        AddClient(services, FatturaPaChannel.StorageClient, static provider =>
        {
            var handler = Handler();
            // A proxy would connect in place of this process, and unchecked.
            handler.UseProxy = false;
            handler.ConnectCallback = provider.GetRequiredService<DownloadHosts>().ConnectAsync;
            return handler;
        });
    }

    private static void AddClient(
        IServiceCollection services, string name, Func<IServiceProvider, HttpMessageHandler> handler)
    {
        var client = services.AddHttpClient(name);
#pragma warning disable EXTEXP0001 // Marked experimental. All calls are GET, and one of them must never be repeated.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        // The loggers write addresses, which hold the key or a signature.
        client.RemoveAllLoggers().ConfigurePrimaryHttpMessageHandler(handler);
    }

    // A redirect may lead to another host, which must not see the key.
    private static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // A body that is given up is not read to its end behind it.
        MaxResponseDrainSize = 0,
        ConnectTimeout = TimeSpan.FromSeconds(10),
    };
}
