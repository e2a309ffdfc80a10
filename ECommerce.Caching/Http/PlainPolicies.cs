using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Caching.Http;

/// <summary>
/// Tells output policies that consist of <see cref="HttpCachingExtensions.Under"/> alone from those that ask for more
/// (<c>With</c>, <c>SetVaryByHeader</c>, a policy of the application): only the middleware can evaluate those. The
/// policies' types are internal to ASP.NET Core, so they are compared with those of a sample.
/// </summary>
internal static class PlainPolicies
{
    private static readonly CachePolicy Any = new("any:{tenant}:{id}", TimeSpan.FromSeconds(1), TimeSpan.Zero);

    // Neither lifetime nor tags nor locking change what a request gets.
    private static readonly HashSet<(Type, Type?)> Known = [.. Parts(
        new Sample().CacheOutput(policy =>
            policy.Under(Any, static _ => null).Expire(TimeSpan.FromSeconds(1)).Tag("any").SetLocking(true)).Policy),
        // Resolved by the first request.
        (typeof(DataOutputPolicy), null)];

    public static bool IsPlain(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<OutputCacheAttribute>() is null
        && endpoint.Metadata.GetOrderedMetadata<IOutputCachePolicy>() is [var policy]
        && Parts(policy).All(Known.Contains);

    // The policies that a policy consists of: its own type, a type it resolves later, and those in its fields.
    private static IEnumerable<(Type, Type?)> Parts(object policy)
    {
        var fields = policy.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
            .Select(field => field.GetValue(policy)).ToArray();
        return fields.SelectMany(value => value switch
        {
            IOutputCachePolicy inner => Parts(inner),
            IEnumerable<IOutputCachePolicy> several => several.SelectMany(Parts),
            _ => [],
        }).Append((policy.GetType(), fields.OfType<Type>().FirstOrDefault()));
    }

    private sealed class Sample : IEndpointConventionBuilder
    {
        public IOutputCachePolicy Policy { get; private set; } = null!;

        public void Add(Action<EndpointBuilder> convention)
        {
            var builder = new RouteEndpointBuilder(null, RoutePatternFactory.Parse("/"), 0);
            convention(builder);
            Policy = builder.Metadata.OfType<IOutputCachePolicy>().Single();
        }
    }
}
