using System.Runtime.CompilerServices;

namespace ECommerce.Caching.Keys;

/// <summary>
/// A tag pattern taken apart once, to be filled with the segments of a key, which are escaped already.
/// </summary>
/// <param name="tagPattern">The pattern; each of its parameters is a segment of the key's.</param>
/// <param name="keySegments">The segments of the key's pattern.</param>
internal sealed class TagTemplate(string tagPattern, string[] keySegments)
{
    // A literal, or null and the key's segment that stands in its place.
    private readonly (string? Literal, int Segment)[] _parts = Array.ConvertAll(
        tagPattern.Split(':'), part =>
            KeyPattern.IsParameter(part) ? ((string?)null, Array.IndexOf(keySegments, part)) : (part, -1));

    public string Fill(string key, ReadOnlySpan<Range> segments)
    {
        var tag = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[128]);
        for (var i = 0; i < _parts.Length; i++)
        {
            if (i > 0)
                tag.AppendLiteral(":");
            tag.AppendFormatted(_parts[i].Literal is { } literal ? literal : key.AsSpan()[segments[_parts[i].Segment]]);
        }
        return tag.ToStringAndClear();
    }
}
