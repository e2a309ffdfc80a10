using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ECommerce.Api.Tests.Api;
using Microsoft.AspNetCore.Routing;

namespace ECommerce.Api.Tests.Contract;

/// <summary>Operations in the form that tables name them: <c>PUT /orders/{}</c>.</summary>
internal static partial class Operations
{
    private const string Base = "/api/v1";

    public static string Operation(this RouteEndpoint route) => Name(route.Method(), route.Path());

    public static string Name(string method, string path) =>
        $"{method} {Parameter().Replace(path[Base.Length..], "{}").TrimEnd('/')}";

    /// <summary>A path of the operation in which every id is one of nothing.</summary>
    public static string PathOfNothing(this RouteEndpoint route) => Parameter().Replace(route.Path(), "999999999");

    /// <summary>The operations of the OpenAPI document, by name.</summary>
    public static async Task<IReadOnlyDictionary<string, JsonNode>> DocumentedAsync(ApiFixture fixture)
    {
        var document = await fixture.Api.Anonymous().GetJsonAsync("/openapi/v1.json");
        return document["paths"]!.AsObject().Where(path => path.Key.StartsWith(Base, StringComparison.Ordinal))
            .SelectMany(path => path.Value!.AsObject().Select(operation => (
                Name: Name(operation.Key.ToUpperInvariant(), path.Key), Node: operation.Value!)))
            .ToDictionary(operation => operation.Name, operation => operation.Node);
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
