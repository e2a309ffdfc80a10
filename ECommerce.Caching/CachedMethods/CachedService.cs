using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace ECommerce.Caching.CachedMethods;

/// <summary>
/// An interface with <c>[Cached]</c> methods. There is one for each interface, so that its policies are the same
/// wherever they are asked for.
/// </summary>
internal sealed class CachedService
{
    private static readonly ConcurrentDictionary<Type, CachedService> Known = new();

    private readonly Dictionary<MethodInfo, CachedMethod> _methods;

    private CachedService(Type service)
    {
        if (!service.IsInterface)
        {
            throw new InvalidOperationException(
                $"{service.Name} is no interface: [Cached] methods are those of interfaces.");
        }
        _methods = Marked(service).ToDictionary(method => method.Method);
        if (_methods.Count == 0)
            throw new InvalidOperationException($"{service.Name} has no method that is marked [Cached].");
        Service = service;
    }

    public Type Service { get; }

    public IReadOnlyCollection<CachedMethod> Methods => _methods.Values;

    public IEnumerable<CachePolicy> Policies => _methods.Values.Select(method => method.Policy);

    public static CachedService From(Type service) =>
        Known.GetOrAdd(service, static service => new CachedService(service));

    public bool TryGet(MethodInfo method, [NotNullWhen(true)] out CachedMethod? cached) =>
        _methods.TryGetValue(method, out cached);

    /// <summary>A mark on the class would look as if it did something.</summary>
    public void RefuseMarksOn(Type implementation)
    {
        if (Array.Find(
            implementation.GetMethods(), method =>
            method.IsDefined(typeof(CachedAttribute), inherit: false)) is { } marked)
        {
            throw new InvalidOperationException(
                $"{implementation.Name}.{marked.Name}: [Cached] belongs on the method of the interface "
                + $"{Service.Name}, not on the class.");
        }
    }

    private static IEnumerable<CachedMethod> Marked(Type service) =>
        from declaring in service.GetInterfaces().Prepend(service)
        from method in declaring.GetMethods()
        let mark = method.GetCustomAttribute<CachedAttribute>()
        where mark is not null
        select CachedMethodReader.Read(method, mark);
}
