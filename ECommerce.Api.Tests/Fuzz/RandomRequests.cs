using System.Collections;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ECommerce.Api.Tests.Api;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace ECommerce.Api.Tests.Fuzz;

/// <summary>Requests of a seed: half right, with types swapped, extremes and control characters in between.</summary>
internal sealed partial class RandomRequests(IReadOnlyList<RouteEndpoint> routes, int seed)
{
    private static readonly string[] Ids =
        ["1", "2", "3", "0", "-1", "+1", "%201", "1%20", "1.5", "abc", "2147483648", "9223372036854775807", "%D9%A1"];

    private static readonly string[] Parameters =
        ["page", "limit", "search", "order_by", "order_direction", "customer_id", "shop_id", "state_ids", "is_paid",
            "date_from", "date_to", "from", "to", "group_by", "currency", "active", "category_id", "brand_id", "x"];

    private static readonly string[] Values =
        ["1", "0", "-1", "500", "501", "id", "desc", "true", "2026-03-01", "9999-12-31", "0001-01-01",
            "2026-03-01T10:15:00+02:00", "9999-12-31T23:59:59-12:00", "month", "EUR", "1,2,3", "1,,x", "%00", "a%00b",
            "%27%22%3B--", "%F0%9F%9A%80", "%ED%A0%80", "%", "%25%2A%5B", "NaN", "1e400", "99999999999999999999"];

    private static readonly string[] Texts =
        ["", " ", "x", "Ada", "ada@example.com", "https://shop.example", "javascript:alert(1)", "null", "a\0b",
            "\u0001", "a\r\nb", "\u202e", "\ufffe", "🚀", "e\u0301", "' OR 1=1 --", "%_\\", "<script>", "IT",
            "9999-12-31", new('x', 300), new('é', 5000), "true", "12"];

    private static readonly string[] Numbers =
        ["0", "1", "2", "-1", "0.1", "22", "99.999999", "1e10", "1e400", "-0", "0.0000001", "2147483647", "2147483648",
            "9223372036854775807", "9223372036854775808", "79228162514264337593543950335", "1.5"];

    private readonly Random _random = new(seed);

    public HttpRequestMessage Next(out JsonNode? body)
    {
        var route = Pick(routes);
        var path = RouteParameter().Replace(route.Path(), _ => Pick(Ids));
        var query = Enumerable.Range(0, Half() ? 0 : _random.Next(4))
            .Select(_ => $"{Pick(Parameters)}={Pick(Values)}").ToArray();
        var request = new HttpRequestMessage(
            new HttpMethod(route.Method()), query.Length == 0 ? path : $"{path}?{string.Join('&', query)}");
        body = null;
        if (route.Metadata.GetMetadata<IAcceptsMetadata>() is { RequestType: { } type })
        {
            body = Rarely() ? Any(0) : Of(type, 0);
            var text = body?.ToJsonString() ?? "null";
            request.Content = new StringContent(
                Rarely() ? text[..(text.Length / 2)] : text, Encoding.UTF8, "application/json");
            if (Rarely())
                request.Content.Headers.Remove("Content-Type");
        }
        if (Rarely())
            request.Headers.TryAddWithoutValidation("If-Match", Pick(["*", "\"1-a\"", "1", "\"\"", "W/\"1\"", "\"x"]));
        if (Rarely())
            request.Headers.TryAddWithoutValidation("If-None-Match", Pick(["*", "\"a\"", "a", ",", "\"x"]));
        if (Rarely())
            request.Headers.TryAddWithoutValidation("Idempotency-Key", Pick(["k", "", "k k", new string('k', 65)]));
        return request;
    }

    // A value of a type that the endpoint binds; now and then one of another type.
    private JsonNode? Of(Type type, int depth)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Rarely() || depth > 4)
            return Any(depth);
        if (type == typeof(string))
            return Pick(Texts);
        if (type == typeof(bool))
            return Half();
        if (type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(DateOnly))
            return Pick(["2026-03-01", "2026-03-01T10:15:00Z", "9999-12-31T23:59:59Z", "0001-01-01"]);
        if (type.IsPrimitive || type == typeof(decimal))
            return Number();
        if (type.IsEnum)
            return Pick(Enum.GetNames(type)).ToLowerInvariant();
        if (type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type))
        {
            var item = type.IsArray ? type.GetElementType()! : type.GetGenericArguments().FirstOrDefault();
            return new JsonArray(
                [.. Enumerable.Range(0, _random.Next(4)).Select(_ => item is null ? null : Of(item, depth + 1))]);
        }
        var members = new JsonObject();
        foreach (var property in type.GetProperties().Where(_ => !Rarely()))
            members[JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)] = Of(property.PropertyType, depth + 1);
        return members;
    }

    private JsonNode? Any(int depth) => _random.Next(6) switch
    {
        0 => null,
        1 => Pick(Texts),
        2 => Number(),
        3 => Half(),
        4 when depth < 4 => new JsonArray(Any(depth + 1), Any(depth + 1)),
        _ => new JsonObject { ["a"] = Pick(Texts) },
    };

    private JsonNode Number() => Half() ? JsonValue.Create(_random.Next(1, 30)) : JsonNode.Parse(Pick(Numbers))!;

    private bool Half() => _random.Next(2) == 0;

    private bool Rarely() => _random.Next(12) == 0;

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex RouteParameter();
}
