using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Fuzz;

/// <summary>
/// A body as it is sent, and what it means: null where it is no JSON, so that it cannot be accepted.
/// </summary>
internal sealed record FuzzedBody(byte[] Bytes, string Type, string Text, JsonObject? Meaning)
{
    public const string Json = "application/json";

    private const string Marker = "@value@";

    // Letters as they are, not as escapes: bodies have characters of several bytes.
    private static readonly JsonSerializerOptions Writing =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static FuzzedBody From(JsonObject body) =>
        new(Encoding.UTF8.GetBytes(Write(body)), Json, Write(body), body);

    public static FuzzedBody NotJson(string text) => new(Encoding.UTF8.GetBytes(text), Json, text, Meaning: null);

    /// <summary>The places whose values can be replaced.</summary>
    public static IEnumerable<Place> Places(JsonObject body) => body.SelectMany(
        member => (member.Value as JsonArray ?? []).Take(1).OfType<JsonObject>().SelectMany(line => line)
            .Select(inner => new Place(member.Key, inner.Key)).Append(new Place(member.Key)));

    /// <summary>The body with the text, which may be no JSON, as the value of a place.</summary>
    public static FuzzedBody Replaced(JsonObject body, Place place, string raw)
    {
        var (parent, member) = place.In(body);
        if (TryParse(raw) is { } node)
        {
            parent[member] = node.Value;
            return From(body);
        }
        parent[member] = Marker;
        return NotJson(Write(body).Replace($"\"{Marker}\"", raw, StringComparison.Ordinal));
    }

    /// <summary>The body with bytes that are no UTF-8 in the text of a place.</summary>
    public static FuzzedBody NotUtf8(JsonObject body, Place place, byte[] wrong)
    {
        var (parent, member) = place.In(body);
        parent[member] = $"x{Marker}";
        var text = Write(body);
        var at = text.IndexOf(Marker, StringComparison.Ordinal);
        byte[] bytes =
            [.. Encoding.UTF8.GetBytes(text[..at]), .. wrong, .. Encoding.UTF8.GetBytes(text[(at + Marker.Length)..])];
        return new FuzzedBody(bytes, Json, text, Meaning: null);
    }

    /// <summary>The same body in another charset, or under another content type.</summary>
    public FuzzedBody As(string type, Encoding encoding) =>
        this with { Bytes = encoding.GetBytes(Text), Type = type };

    public static string Write(JsonObject body) => body.ToJsonString(Writing);

    // A tuple, because the JSON null is no node.
    private static (JsonNode? Value, bool _)? TryParse(string raw)
    {
        try
        {
            var node = JsonNode.Parse(raw);
            _ = node?.ToJsonString();
            return (node, true);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Malformed, too deep, or a text with half a surrogate pair.
            return null;
        }
    }
}

/// <summary>A member of a body, or of the first element of a member that is an array.</summary>
internal sealed record Place(string Member, string? Inner = null)
{
    public (JsonObject Parent, string Member) In(JsonObject body) =>
        Inner is null ? (body, Member) : (body[Member]![0]!.AsObject(), Inner);
}
