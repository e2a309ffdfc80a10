using System.Reflection;
using ECommerce.Caching.Keys;

namespace ECommerce.Caching.CachedMethods;

internal enum KeyArgumentKind
{
    Tenant,
    Simple,
    Composite,
}

/// <summary>A parameter that fills a placeholder of the key.</summary>
internal sealed class KeyArgument(ParameterInfo parameter, KeyArgumentKind kind)
{
    /// <summary>Null for no value, which no other value is written as.</summary>
    public string? Text(object?[] arguments, QueryHash hash)
    {
        var value = arguments[parameter.Position];
        if (kind != KeyArgumentKind.Tenant)
        {
            return value is null ? null : kind == KeyArgumentKind.Simple ? KeyText.From(value)
                : hash.ComputeFor(value, parameter.ParameterType);
        }
        // No tenant is not a tenant like any other.
        var tenant = value is null ? null : KeyText.From(value);
        return string.IsNullOrEmpty(tenant) ? throw new ArgumentException("A tenant must be given.", parameter.Name)
            : tenant;
    }
}
