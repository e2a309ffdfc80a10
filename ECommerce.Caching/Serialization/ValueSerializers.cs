using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Serialization;

/// <summary>
/// The serializers of one cache, found as HybridCache finds them: an <see cref="IHybridCacheSerializer{T}"/> of the
/// services, else the last registered <see cref="IHybridCacheSerializerFactory"/> that has one, else JSON.
/// </summary>
/// <remarks>
/// The <see cref="JsonSerializerOptions"/> are those registered for the key <c>typeof(IHybridCacheSerializer&lt;T&gt;)
/// </c>, or for all types <c>typeof(IHybridCacheSerializer&lt;&gt;)</c>.
/// </remarks>
internal sealed class ValueSerializers(IServiceProvider services)
{
    private readonly ConcurrentDictionary<Type, object> _serializers = new();
    private readonly ConcurrentDictionary<JsonSerializerOptions, JsonContract> _contracts = new();
    private readonly Lazy<JsonContract> _default = new(static () => new JsonContract());

    public ValueSerializer<T> For<T>() =>
        (ValueSerializer<T>)(_serializers.TryGetValue(typeof(T), out var known) ? known
            : _serializers.GetOrAdd(typeof(T), Create<T>()));

    private object Create<T>()
    {
        if (typeof(T) == typeof(StoredResponse))
            return new ResponseSerializer();
        if (Registered<T>() is { } registered)
            return new CustomSerializer<T>(registered);
        if (typeof(T) == typeof(byte[]))
            return new BytesSerializer();
        var options = Options(typeof(IHybridCacheSerializer<T>)) ?? Options(typeof(IHybridCacheSerializer<>));
        return new JsonValueSerializer<T>(
            options is null ? _default.Value
                : _contracts.GetOrAdd(options, static options => new JsonContract(options)));
    }

    private IHybridCacheSerializer<T>? Registered<T>()
    {
        if (services.GetService<IHybridCacheSerializer<T>>() is { } registered)
            return registered;
        foreach (var factory in services.GetServices<IHybridCacheSerializerFactory>().Reverse())
        {
            if (factory.TryCreateSerializer<T>(out var created))
                return created;
        }
        return null;
    }

    private JsonSerializerOptions? Options(Type key) =>
        services is IKeyedServiceProvider keyed ? keyed.GetKeyedService<JsonSerializerOptions>(key) : null;
}
