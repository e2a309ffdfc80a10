using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.CachedMethods;

/// <summary>
/// Stands in for a service's interface. Cached methods never touch the implementation of the caller's scope: it is
/// asked only for the others.
/// </summary>
[SuppressMessage(
    "Performance", "CA1852", Justification = "The type that implements the interface is derived from it at run time.")]
internal class CachedProxy : DispatchProxy
{
    private CachedService? _service;
    private IServiceProvider? _scope;
    private Type? _implementation;

    public static TService Create<TService>(CachedService service, IServiceProvider scope, Type implementation)
        where TService : class
    {
        var proxy = Create<TService, CachedProxy>();
        var self = (CachedProxy)(object)proxy;
        (self._service, self._scope, self._implementation) = (service, scope, implementation);
        return proxy;
    }

    /// <summary>What the method throws comes out as it is.</summary>
    public static object? Invoke(MethodInfo method, object target, object?[]? arguments) =>
        method.Invoke(target, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _service!.TryGet(targetMethod!, out var cached)
            ? cached.Call(
                _scope!.GetRequiredService<MultiLevelCache>(), _scope!.GetRequiredService<QueryHash>(),
                _implementation!, args ?? [])
            : Invoke(targetMethod!, _scope!.GetRequiredService(_implementation!), args);
}
