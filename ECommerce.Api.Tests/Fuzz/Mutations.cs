using System.Text;
using System.Text.Json.Nodes;

namespace ECommerce.Api.Tests.Fuzz;

/// <summary>Random changes of a valid body, and what a tree of JSON cannot show.</summary>
internal sealed class Mutations(Random random)
{
    private static readonly byte[][] NoUtf8 = [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF0, 0x9F]];

    private static readonly (string Type, Encoding Encoding)[] Encodings =
    [
        ("application/json; charset=utf-16", Encoding.Unicode), ("APPLICATION/JSON;CHARSET=UTF-8", Encoding.UTF8),
        ("text/plain", Encoding.UTF8), ("", Encoding.UTF8), ("application/json; charset=x", Encoding.UTF8),
    ];

    /// <summary>The body with one or two places changed.</summary>
    public FuzzedBody Vary(JsonObject body)
    {
        for (var rest = random.Next(1, 3); rest > 1 && body.Count > 1; rest--)
            Change(body);
        var varied = Finish(body);
        if (random.Next(12) != 0)
            return varied;
        var (type, encoding) = Pick(Encodings);
        return varied.As(type, encoding);
    }

    // A change after which the body is still a tree.
    private void Change(JsonObject body)
    {
        var place = Pick(FuzzedBody.Places(body).ToArray());
        var (parent, member) = place.In(body);
        switch (random.Next(4))
        {
            case 0:
                parent.Remove(member);
                break;
            case 1:
                parent[$"unknown_{random.Next(9)}"] = JsonNode.Parse(Pick(["1", "null", "[{}]", "\"\\u0000\""]));
                break;
            case 2:
                // Names are read whatever their case.
                var value = parent[member]?.DeepClone();
                parent.Remove(member);
                parent[member.ToUpperInvariant()] = value;
                break;
            default:
                if (FuzzedBody.Replaced(body, place, Pick(WrongValues.Json)).Meaning is null)
                    parent.Remove(member);
                break;
        }
    }

    private FuzzedBody Finish(JsonObject body)
    {
        var place = Pick(FuzzedBody.Places(body).Where(place => !place.Member.StartsWith("unknown")).ToArray());
        switch (random.Next(8))
        {
            case 0:
                return FuzzedBody.NotUtf8(body, place, Pick(NoUtf8));
            case 1:
                var text = FuzzedBody.Write(body);
                return FuzzedBody.NotJson(text[..random.Next(1, text.Length)]);
            case 2:
                // Of two members of one name the last counts.
                text = FuzzedBody.Write(body);
                var first = $"{{\"{body.First().Key}\":{Pick(["1", "\"x\"", "null"])},{text[1..]}";
                return FuzzedBody.NotJson(first) with { Meaning = body };
            default:
                return FuzzedBody.Replaced(body, place, Pick(WrongValues.Json));
        }
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
