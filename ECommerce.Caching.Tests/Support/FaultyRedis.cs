using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using ECommerce.Caching.Redis;
using StackExchange.Redis;

namespace ECommerce.Caching.Tests.Support;

/// <summary>
/// A connection to a Redis that is slow or fails for entries and versions, while heartbeats still get through.
/// </summary>
internal sealed class FaultyRedis
{
    private int _calls;
    private int _failures;

    /// <summary>How long every reply takes.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>No reply comes before this completes.</summary>
    public Task Until { get; set; } = Task.CompletedTask;

    /// <summary>Only the calls of this script are slow or fail; null: all are.</summary>
    public string? Script { get; set; }

    /// <summary>How many of the next calls fail.</summary>
    public int Failures { get => Volatile.Read(ref _failures); set => Volatile.Write(ref _failures, value); }

    /// <summary>How many calls were made.</summary>
    public int Calls { get => Volatile.Read(ref _calls); set => Volatile.Write(ref _calls, value); }

    public IConnectionMultiplexer Around(IConnectionMultiplexer redis) => Proxy<IConnectionMultiplexer>.Of(redis, this);

    private async Task<T> ReplyAsync<T>(Func<Task<T>> call)
    {
        Interlocked.Increment(ref _calls);
        if (Interlocked.Decrement(ref _failures) >= 0)
            throw new TimeoutException("Redis is faulty.");
        Interlocked.Increment(ref _failures);
        await Until;
        var reply = await call();
        await Task.Delay(Latency);
        return reply;
    }

    [SuppressMessage("Performance", "CA1852", Justification = "DispatchProxy derives from it at run time.")]
    public class Proxy<T> : DispatchProxy
        where T : class
    {
        private static readonly MethodInfo Reply = typeof(FaultyRedis)
            .GetMethod(nameof(ReplyAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;
        private static readonly MethodInfo MakeCall = typeof(Proxy<T>)
            .GetMethod(nameof(CallOf), BindingFlags.Instance | BindingFlags.NonPublic)!;

        private T _inner = null!;
        private FaultyRedis _owner = null!;

        internal static T Of(T inner, FaultyRedis owner)
        {
            var proxy = Create<T, Proxy<T>>();
            ((Proxy<T>)(object)proxy)._inner = inner;
            ((Proxy<T>)(object)proxy)._owner = owner;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var returned = targetMethod!.ReturnType;
            if (typeof(T) != typeof(IDatabase) || !returned.IsGenericType
                || returned.GetGenericTypeDefinition() != typeof(Task<>) || args is [ClusterScripts.Beat, ..]
                || (_owner.Script is { } only && (args is not [string script, ..] || script != only)))
            {
                return Wrapped(targetMethod.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, args, null));
            }
            var reply = returned.GenericTypeArguments[0];
            return Reply.MakeGenericMethod(reply)
                .Invoke(_owner, [MakeCall.MakeGenericMethod(reply).Invoke(this, [targetMethod, args])]);
        }

        private object? Wrapped(object? result) => result is IDatabase db ? Proxy<IDatabase>.Of(db, _owner) : result;

        private Func<Task<TReply>> CallOf<TReply>(MethodInfo method, object?[] arguments) =>
            () => (Task<TReply>)method.Invoke(_inner, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }
}
