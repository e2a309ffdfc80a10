using ECommerce.ServiceDefaults.Resilience;

#pragma warning disable IDE0130 // The namespace in which IHttpClientBuilder has its other extensions.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

public static class HttpClientBuilderExtensions
{
    /// <summary>Gives this client its own timeouts, retries and circuit breaker; the others keep the defaults.</summary>
    public static IHttpClientBuilder ConfigureResilience(this IHttpClientBuilder http, Action<HttpResilienceOptions> configure)
    {
        http.Services.Configure(http.Name, configure);
        http.ConfigureAdditionalHttpMessageHandlers((handlers, _) =>
        {
            foreach (var handler in handlers.OfType<ResilienceHandler>()) handler.ClientName = http.Name;
        });
        return http;
    }
}
