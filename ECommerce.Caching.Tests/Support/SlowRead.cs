using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using ECommerce.Caching.Redis;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Support;

/// <summary>
/// A connection to Redis that holds back the reply to the next read of one key, an entry's or a version's, until the
/// test lets it through.
/// </summary>
internal sealed class SlowRead(string key)
{
    private readonly TaskCompletionSource _replied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _through = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when Redis has replied and the caller has not received it.</summary>
    public Task Replied => _replied.Task.WaitAsync(TimeSpan.FromSeconds(10));

    public void LetThrough() => _through.TrySetResult();

    public IConnectionMultiplexer Around(IConnectionMultiplexer redis) => Proxy<IConnectionMultiplexer>.Of(redis, this);

    private object? After(string method, object?[] arguments, object? result) => (method, result) switch
    {
        ("GetDatabase", IDatabase db) => Proxy<IDatabase>.Of(db, this),
        ("ScriptEvaluateAsync", Task<RedisResult> read)
            when arguments is [EntryScripts.Lookup, RedisKey[] keys, ..] && keys[0] == key
                && !_through.Task.IsCompleted => HoldAsync(read),
        ("StringGetAsync", Task<RedisValue> read) when arguments is [RedisKey asked, ..] && asked == key
            && !_through.Task.IsCompleted => HoldAsync(read),
        _ => result,
    };

    private async Task<T> HoldAsync<T>(Task<T> read)
    {
        var value = await read;
        _replied.TrySetResult();
        await _through.Task;
        return value;
    }

    [SuppressMessage("Performance", "CA1852", Justification = "DispatchProxy derives from it at run time.")]
    public class Proxy<T> : DispatchProxy
        where T : class
    {
        private T _inner = null!;
        private SlowRead _owner = null!;

        internal static T Of(T inner, SlowRead owner)
        {
            var proxy = Create<T, Proxy<T>>();
            ((Proxy<T>)(object)proxy)._inner = inner;
            ((Proxy<T>)(object)proxy)._owner = owner;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            _owner.After(
                targetMethod!.Name, args!,
                targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null));
    }
}
