using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using ECommerce.Caching.Redis;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Support;

/// <summary>A connection to Redis that counts what is sent for entries: all but the heartbeats.</summary>
internal sealed class CountedCalls
{
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly ConcurrentQueue<string> _scripts = new();

    public int Count => _calls.Count;

    /// <summary>Which they were, in their order.</summary>
    public string[] Names => [.. _calls];

    /// <summary>The scripts among them.</summary>
    public string[] Scripts => [.. _scripts];

    public void Clear()
    {
        _calls.Clear();
        _scripts.Clear();
    }

    public IConnectionMultiplexer Around(IConnectionMultiplexer redis) => Proxy<IConnectionMultiplexer>.Of(redis, this);

    private object? Called(string method, object?[] arguments, object? result)
    {
        if (result is IDatabase db)
            return Proxy<IDatabase>.Of(db, this);
        if (result is Task && arguments is not [ClusterScripts.Beat, ..])
        {
            _calls.Enqueue(method);
            if (arguments is [string script, ..])
                _scripts.Enqueue(script);
        }
        return result;
    }

    [SuppressMessage("Performance", "CA1852", Justification = "DispatchProxy derives from it at run time.")]
    public class Proxy<T> : DispatchProxy
        where T : class
    {
        private T _inner = null!;
        private CountedCalls _owner = null!;

        internal static T Of(T inner, CountedCalls owner)
        {
            var proxy = Create<T, Proxy<T>>();
            ((Proxy<T>)(object)proxy)._inner = inner;
            ((Proxy<T>)(object)proxy)._owner = owner;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            _owner.Called(
                targetMethod!.Name, args!,
                targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null));
    }
}
