using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.CachedMethods;

/// <summary>A method that is marked <c>[Cached]</c>: its policy, and which of its arguments fill the key.</summary>
internal abstract class CachedMethod(MethodInfo method, CachePolicy policy, KeyArgument[] keyArguments)
{
    public MethodInfo Method => method;

    public CachePolicy Policy => policy;

    /// <summary>What the method returns, from the cache or from an implementation in a scope of its own.</summary>
    public abstract object Call(MultiLevelCache cache, QueryHash hash, Type implementation, object?[] arguments);

    protected string Key(object?[] arguments, QueryHash hash) =>
        policy.KeyPattern.Format([.. keyArguments.Select(argument => argument.Text(arguments, hash))]);
}

/// <inheritdoc/>
internal sealed class CachedMethod<T>(MethodInfo method, CachePolicy policy, KeyArgument[] keyArguments)
    : CachedMethod(method, policy, keyArguments)
{
    private readonly bool _returnsTask = method.ReturnType == typeof(Task<T>);
    private readonly int[] _tokens =
        [.. method.GetParameters().Where(parameter => parameter.ParameterType == typeof(CancellationToken))
            .Select(parameter => parameter.Position)];

    public override object Call(MultiLevelCache cache, QueryHash hash, Type implementation, object?[] arguments)
    {
        var token = _tokens.Length == 0 ? CancellationToken.None : (CancellationToken)arguments[_tokens[0]]!;
        var result = cache.GetOrCreateAsync(
            Key(arguments, hash), (method: this, implementation, arguments), static (call, context, cancelled) =>
                call.method.RunAsync(
                    context.Services.GetRequiredService(call.implementation), call.arguments, cancelled),
            Policy, token);
        return _returnsTask ? result.AsTask() : result;
    }

    private ValueTask<T> RunAsync(object implementation, object?[] asked, CancellationToken cancelled)
    {
        // Callers share the run: it is cancelled when the last one leaves, not when this one does.
        object?[] arguments = [.. asked];
        foreach (var token in _tokens)
            arguments[token] = cancelled;
        var result = CachedProxy.Invoke(Method, implementation, arguments);
        return _returnsTask ? new ValueTask<T>((Task<T>)result!) : (ValueTask<T>)result!;
    }
}
