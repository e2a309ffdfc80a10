using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Fuzz;

/// <summary>One operation of the OpenAPI document.</summary>
internal sealed record ApiOperation(
    HttpMethod Method, string Path, IReadOnlyList<JsonObject> Query, IReadOnlyList<string> Headers, string? Body)
{
    /// <summary>The collection whose row the path names: <c>orders</c> of <c>/api/v1/orders/{id}/status</c>.</summary>
    public string Collection { get; } = Path.Split('/')[3];

    public bool IsWrite => Method != HttpMethod.Get;

    /// <summary>The name without the base path: <c>PATCH orders/{id}/status</c>.</summary>
    public override string ToString() => $"{Method} {Path["/api/v1/".Length..]}";

    public static IReadOnlyList<ApiOperation> AllOf(JsonNode document) =>
    [
        // The routes of the cache have no rows to compare, and some are a SUPERADMIN's; settings have names in the
        // place of ids: they have tests of their own.
        .. document["paths"]!.AsObject().Where(path => path.Key.StartsWith("/api/v1/", StringComparison.Ordinal)
                && !path.Key.StartsWith("/api/v1/cache", StringComparison.Ordinal)
                && !path.Key.StartsWith("/api/v1/config", StringComparison.Ordinal))
            .SelectMany(path => path.Value!.AsObject().Select(operation =>
                Read(path.Key, operation.Key, operation.Value!))),
    ];

    private static ApiOperation Read(string path, string method, JsonNode operation)
    {
        var parameters = (operation["parameters"] as JsonArray ?? []).Select(parameter => parameter!.AsObject())
            .ToLookup(parameter => (string)parameter["in"]!);
        return new ApiOperation(
            HttpMethod.Parse(method.ToUpperInvariant()), path, [.. parameters["query"]],
            [.. parameters["header"].Select(header => (string)header["name"]!)], SchemaOf(operation["requestBody"]));
    }

    // The schema of a body that may be missing is one of several.
    private static string? SchemaOf(JsonNode? body)
    {
        if (body?["content"]?["application/json"]?["schema"] is not { } schema)
            return null;
        var reference = schema["$ref"] ?? schema["oneOf"]!.AsArray().Select(one => one!["$ref"]).OfType<JsonNode>()
            .Single();
        return ((string)reference!).Split('/')[^1];
    }
}
