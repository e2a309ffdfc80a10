using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ECommerce.Caching.CachedMethods;

/// <summary>Registers application services whose results are cached.</summary>
public static class CachedServiceExtensions
{
    /// <summary>
    /// Registers a service: its interface returns cached results where a method is marked
    /// <see cref="CachedAttribute"/>, and from the implementation otherwise. Needs
    /// <c>AddMultiLevelCache</c>, before or after.
    /// </summary>
    /// <remarks>
    /// A cached method runs in a scope of its own, with a token of its own: it may run behind the request that asked,
    /// or for several. Both the interface and, unless it is registered already, the implementation are scoped.
    /// </remarks>
    /// <exception cref="InvalidOperationException">A marked method cannot be cached; the message is one line that names
    /// the interface, the method and what is wrong.</exception>
    public static IServiceCollection AddCached<TService, TImplementation>(this IServiceCollection services)
        where TService : class
        where TImplementation : class, TService
    {
        ArgumentNullException.ThrowIfNull(services);
        var cached = CachedService.From(typeof(TService));
        cached.RefuseMarksOn(typeof(TImplementation));
        services.TryAddScoped<TImplementation>();
        services.AddSingleton(cached);
        services.AddScoped(provider => CachedProxy.Create<TService>(cached, provider, typeof(TImplementation)));
        return services;
    }
}
