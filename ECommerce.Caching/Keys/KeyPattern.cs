using System.Runtime.CompilerServices;

namespace ECommerce.Caching.Keys;

/// <summary>
/// A parsed key pattern: literal and parameter segments, formatting, matching, and the tags a key implies.
/// </summary>
internal sealed class KeyPattern
{
    private const string TenantParameter = "tenant";
    private readonly string[] _segments;
    private readonly string[] _parameters;

    // Of each segment its text; null: a parameter.
    private readonly string?[] _literals;
    private readonly int _tenantSegment, _userSegment;

    private KeyPattern(string text, string[] segments)
    {
        Text = text;
        _segments = segments;
        _literals = Array.ConvertAll(segments, segment => IsParameter(segment) ? null : segment);
        _parameters = [.. segments.Where(IsParameter).Select(segment => segment[1..^1])];
        _tenantSegment = Array.IndexOf(segments, "{" + TenantParameter + "}");
        _userSegment = Array.IndexOf(segments, "{user_id}");
    }

    public string Text { get; }

    public IReadOnlyList<string> Parameters => _parameters;

    public static KeyPattern Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var pattern = new KeyPattern(text, text.Split(':'));
        foreach (var segment in pattern._segments)
        {
            var name = IsParameter(segment) ? segment[1..^1] : segment;
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            {
                throw new ArgumentException(
                    $"Cache policy '{text}': '{segment}' is neither a literal nor a {{parameter}}.", nameof(text));
            }
        }
        if (IsParameter(pattern._segments[0]))
            throw new ArgumentException($"Cache policy '{text}': the first segment must be a literal.", nameof(text));
        if (pattern._tenantSegment < 0)
        {
            throw new ArgumentException(
                $"Cache policy '{text}': a key without {{tenant}} would be shared by all tenants.", nameof(text));
        }
        if (pattern._parameters.Distinct(StringComparer.Ordinal).Count() != pattern._parameters.Length)
            throw new ArgumentException($"Cache policy '{text}': a parameter occurs twice.", nameof(text));
        return pattern;
    }

    public string Format(ReadOnlySpan<string?> values)
    {
        if (values.Length != _parameters.Length)
        {
            throw new ArgumentException(
                $"'{Text}' has {_parameters.Length} parameters ({string.Join(", ", _parameters)}), not "
                + $"{values.Length}.", nameof(values));
        }
        var key = new DefaultInterpolatedStringHandler(0, 0, null, stackalloc char[128]);
        var next = 0;
        for (var i = 0; i < _segments.Length; i++)
        {
            if (i > 0)
                key.AppendLiteral(":");
            key.AppendLiteral(_literals[i] ?? KeyEscaping.Escape(values[next++]));
        }
        return key.ToStringAndClear();
    }

    public string TenantTag(string tenant)
    {
        var upTo = _segments[..(_tenantSegment + 1)];
        upTo[_tenantSegment] = KeyEscaping.Escape(tenant);
        var prefix = string.Join(':', upTo);
        return _tenantSegment == _segments.Length - 1 ? prefix : prefix + ":*";
    }

    /// <summary>
    /// The form of the keys of one tenant, by its escaped name, or of any (<see cref="PatternReach"/>).
    /// </summary>
    public string Form(string? tenant) => string.Join(':', _segments.Select((segment, i) =>
        i == _tenantSegment && tenant is not null ? tenant
        : IsParameter(segment) ? PatternReach.Segment.ToString() : segment));

    /// <summary>What all keys of a tenant begin with, up to its escaped name.</summary>
    public string PrefixOf(string tenant) => string.Join(':', [.. _segments[.._tenantSegment], tenant]);

    /// <summary>The tenant in a key of this pattern, escaped as it is written there.</summary>
    public string TenantIn(string key) => key.Split(':')[_tenantSegment];

    /// <summary>The pattern of <see cref="TenantTag"/>.</summary>
    public string TenantTagPattern => string.Join(':', _segments[..(_tenantSegment + 1)])
        + (_tenantSegment == _segments.Length - 1 ? "" : ":*");

    /// <summary>How many segments a key of this pattern has.</summary>
    public int SegmentCount => _segments.Length;

    public bool Matches(string key) => TryMatch(key, stackalloc Range[SegmentCount + 1]);

    /// <summary>
    /// Splits a key of this pattern into its segments. Values are escaped, so a colon always parts segments.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="segments">Where its segments are; a place more than <see cref="SegmentCount"/>, so that one too
    /// many is noticed.</param>
    public bool TryMatch(ReadOnlySpan<char> key, Span<Range> segments)
    {
        if (key.Split(segments, ':') != _segments.Length)
            return false;
        for (var i = 0; i < _segments.Length; i++)
        {
            if (_literals[i] is { } literal && !key[segments[i]].SequenceEqual(literal))
                return false;
        }
        return true;
    }

    /// <summary>
    /// The tags that a key implies by its own segments: its tenant's part of the pattern, the tenant, and the user if
    /// it has one; then those of the tag patterns given.
    /// </summary>
    public TagTemplate[] Templates(IEnumerable<string> tagPatterns)
    {
        var implied = new List<string>();
        if (_tenantSegment < _segments.Length - 1)
            implied.Add(string.Join(':', _segments[..(_tenantSegment + 1)]) + ":*");
        implied.Add("tenant:{" + TenantParameter + "}");
        if (_userSegment >= 0)
            implied.Add("user:{" + TenantParameter + "}:{user_id}");
        return [.. implied.Concat(tagPatterns).Select(pattern => new TagTemplate(pattern, _segments))];
    }

    /// <summary>Whether a text is <see cref="TenantTag"/> of some tenant.</summary>
    public bool TenantTagMatches(string text) => TemplateMatches(TenantTagPattern, text);

    /// <summary>
    /// Whether a text is a form with values in the place of its parameters, and none of the values means more than
    /// itself.
    /// </summary>
    public static bool TemplateMatches(string form, string text)
    {
        var (forms, parts) = (form.Split(':'), text.Split(':'));
        return forms.Length == parts.Length
            && forms.Zip(parts)
                .All(pair => IsParameter(pair.First) ? !GlobPattern.IsOne(pair.Second) : pair.First == pair.Second);
    }

    /// <summary>A tag pattern with the parameters that a key of this pattern has; others stay.</summary>
    public string FillKnown(string tagPattern, string key)
    {
        var values = key.Split(':');
        return string.Join(':', tagPattern.Split(':').Select(part =>
            IsParameter(part) && Array.IndexOf(_segments, part) is >= 0 and var place ? values[place] : part));
    }

    /// <summary>
    /// The parameters of a tag pattern that this pattern does not have; empty when the tag pattern is usable.
    /// </summary>
    public IEnumerable<string> UnknownParameters(string tagPattern) =>
        tagPattern.Split(':').Where(part => IsParameter(part) && !_segments.Contains(part));

    internal static bool IsParameter(string segment) => segment.Length > 2 && segment[0] == '{' && segment[^1] == '}';
}
