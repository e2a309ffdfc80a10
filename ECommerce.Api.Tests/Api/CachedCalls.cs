using System.Reflection;
using System.Runtime.CompilerServices;
using ECommerce.Features.Lookups;
using Microsoft.Extensions.Caching.Hybrid;

namespace ECommerce.Api.Tests.Api;

/// <summary>What features hand to the cache: the type arguments of their calls, as the compiler wrote them.</summary>
internal static class CachedCalls
{
    private const int MethodSpecifications = 0x2B000000;

    /// <summary>
    /// Every call of GetOrCreateAsync&lt;TState, T&gt; is a row of the assembly's table of method specifications.
    /// </summary>
    public static IEnumerable<(Type State, Type Value)> OfFeatures()
    {
        var features = typeof(FeatureRegistration).Assembly;
        // Entity and row of each lookup.
        var lookups = typeof(LookupTables).GetFields().Select(field => field.FieldType)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Features.Lookups.Lookup<,>))
            .Select(type => type.GetGenericArguments()).ToArray();
        Assert.NotEmpty(lookups);
        for (var row = 1; ; row++)
        {
            // Calls inside a lookup's generic code are resolved for each lookup.
            foreach (var lookup in lookups)
            {
                MethodBase? called;
                try
                {
                    called = features.ManifestModule.ResolveMethod(MethodSpecifications | row, lookup, lookup);
                }
                catch (ArgumentOutOfRangeException)
                {
                    yield break;
                }
                catch (Exception exception) when (
                    exception is ArgumentException or TypeLoadException or System.Security.VerificationException)
                {
                    // Of generic code with constraints that a lookup does not meet: not a cached one.
                    continue;
                }
                if (called is not { Name: "GetOrCreateAsync" }
                    || !typeof(HybridCache).IsAssignableFrom(called.DeclaringType))
                {
                    continue;
                }

                var arguments = called.GetGenericArguments();
                Assert.True(
                    arguments.Length == 2,
                    "A feature uses an overload without a state: what its factory captures cannot be seen.");
                yield return (arguments[0], arguments[1]);
            }
        }
    }

    /// <summary>The elements of a tuple, or the type itself.</summary>
    public static IEnumerable<Type> PartsOf(Type state) =>
        state.IsValueType && state.IsAssignableTo(typeof(ITuple))
            ? state.GetGenericArguments().SelectMany(PartsOf)
            : [state];
}
