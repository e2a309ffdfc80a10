using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ECommerce.Benchmarks.Peers.Libraries;

/// <summary>The host of a peer's node: the same Redis client, with the same settings, as our nodes have.</summary>
internal static class PeerHost
{
    public static async Task<IHost> StartAsync(NodeSettings settings, Action<IServiceCollection> addCache)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", settings.Redis)]);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information));
        builder.AddRedis("redis");
        builder.Services.AddSingleton(settings.Time);
        addCache(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    public static async ValueTask StopAsync(IHost host)
    {
        await host.StopAsync();
        host.Dispose();
    }
}
