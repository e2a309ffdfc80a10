using System.Reflection;
using ECommerce.Caching.Keys;

namespace ECommerce.Caching.CachedMethods;

/// <summary>
/// Makes a <see cref="CachedMethod"/> of a marked method, or throws if it cannot be cached. Every error is found at
/// start-up.
/// </summary>
internal static class CachedMethodReader
{
    private const string Tenant = "tenant";

    public static CachedMethod Read(MethodInfo method, CachedAttribute mark)
    {
        var policy = PolicyOf(method, mark);
        var result = ResultOf(method);
        var parameters = method.GetParameters();
        var arguments = policy.KeyPattern.Parameters.Select(name => ArgumentOf(method, parameters, name)).ToArray();
        foreach (var parameter in parameters.Where(parameter => parameter.ParameterType != typeof(CancellationToken)))
        {
            if (!policy.KeyPattern.Parameters.Contains(parameter.Name!))
            {
                throw Refusal(method,
                    $"the key '{mark.Pattern}' does not name the parameter '{parameter.Name}', so different "
                    + "arguments would share one value");
            }
        }
        return (CachedMethod)Activator.CreateInstance(
            typeof(CachedMethod<>).MakeGenericType(result), method, policy, arguments)!;
    }

    private static CachePolicy PolicyOf(MethodInfo method, CachedAttribute mark)
    {
        if (mark.Ttl <= 0)
            throw Refusal(method, $"Ttl must be greater than zero seconds, not {mark.Ttl}");
        if (mark.StaleTtl < 0)
            throw Refusal(method, $"StaleTtl must not be negative ({mark.StaleTtl})");
        if (mark.Deadline is <= 0 or > 3600)
            throw Refusal(method, $"Deadline must be from one second to an hour, not {mark.Deadline} seconds");
        if (!Enum.IsDefined(mark.SingleFlight))
            throw Refusal(method, $"there is no SingleFlight scope {(int)mark.SingleFlight}");
        CachePolicy policy;
        try
        {
            policy = new CachePolicy(mark.Pattern, TimeSpan.FromSeconds(mark.Ttl), TimeSpan.FromSeconds(mark.StaleTtl))
            {
                Sliding = mark.Sliding == 0 ? null : TimeSpan.FromSeconds(mark.Sliding),
                Deadline = TimeSpan.FromSeconds(mark.Deadline),
                SingleFlight = mark.SingleFlight,
                Sensitive = mark.Sensitive,
                Tags = [.. mark.Tags],
                IsApplication = true,
            };
        }
        catch (ArgumentException wrong)
        {
            throw Refusal(method, wrong.Message);
        }
        foreach (var tag in mark.Tags)
        {
            if (policy.KeyPattern.UnknownParameters(tag).FirstOrDefault() is { } unknown)
                throw Refusal(method, $"its tag '{tag}' uses {unknown}, which the key '{mark.Pattern}' does not have");
        }
        return policy;
    }

    private static Type ResultOf(MethodInfo method)
    {
        if (method.IsGenericMethodDefinition)
            throw Refusal(method, "a generic method has no one type of result");
        if (method.ReturnType is { IsGenericType: true } type
            && (type.GetGenericTypeDefinition() == typeof(Task<>)
            || type.GetGenericTypeDefinition() == typeof(ValueTask<>)))
        {
            return type.GetGenericArguments()[0];
        }
        throw Refusal(method, $"it must return Task<T> or ValueTask<T>, not {method.ReturnType.Name}");
    }

    private static KeyArgument ArgumentOf(MethodInfo method, ParameterInfo[] parameters, string name)
    {
        if (Array.Find(parameters, parameter => parameter.Name == name) is not { } parameter)
            throw Refusal(method, $"the key names {{{name}}}, and no parameter has that name");
        var type = parameter.ParameterType;
        if (type.IsByRef || type == typeof(CancellationToken))
            throw Refusal(method, $"the parameter '{name}' ({type.Name}) cannot stand in a key");
        if (name == Tenant)
        {
            // A type without ToString of its own would give the same key for every tenant.
            return type.GetMethod(nameof(ToString), [])?.DeclaringType is { } writes && writes != typeof(object)
                && writes != typeof(ValueType)
                ? new KeyArgument(parameter, KeyArgumentKind.Tenant)
                : throw Refusal(method,
                    $"the parameter 'tenant' is of the type {type.Name}, which has no text of its own (ToString)");
        }
        if (KeyText.IsSimple(Nullable.GetUnderlyingType(type) ?? type))
            return new KeyArgument(parameter, KeyArgumentKind.Simple);
        return CanonicalForm.Refusal(type) is { } why
            ? throw Refusal(method, $"the parameter '{name}' cannot stand in a key: {why}")
            : new KeyArgument(parameter, KeyArgumentKind.Composite);
    }

    private static InvalidOperationException Refusal(MethodInfo method, string why) =>
        new($"[Cached] on {method.DeclaringType!.Name}.{method.Name}: {why}.");
}
