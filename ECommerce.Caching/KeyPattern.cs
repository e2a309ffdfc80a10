using System.Diagnostics.CodeAnalysis;

namespace ECommerce.Caching;

/// <summary>A parsed key pattern: literal and parameter segments, formatting, matching, and the tags a key implies.</summary>
internal sealed class KeyPattern
{
    private const string TenantParameter = "tenant";
    private readonly string[] _segments;
    private readonly string[] _parameters;
    private readonly int _tenantSegment, _userSegment;

    private KeyPattern(string text, string[] segments)
    {
        Text = text;
        _segments = segments;
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
                throw new ArgumentException($"Cache policy '{text}': '{segment}' is neither a literal nor a {{parameter}}.", nameof(text));
        }
        if (IsParameter(pattern._segments[0]))
            throw new ArgumentException($"Cache policy '{text}': the first segment must be a literal.", nameof(text));
        if (pattern._tenantSegment < 0)
            throw new ArgumentException($"Cache policy '{text}': a key without {{tenant}} would be shared by all tenants.", nameof(text));
        if (pattern._parameters.Distinct(StringComparer.Ordinal).Count() != pattern._parameters.Length)
            throw new ArgumentException($"Cache policy '{text}': a parameter occurs twice.", nameof(text));
        return pattern;
    }

    public string Format(ReadOnlySpan<string?> values)
    {
        if (values.Length != _parameters.Length)
            throw new ArgumentException($"'{Text}' has {_parameters.Length} parameters ({string.Join(", ", _parameters)}), not {values.Length}.", nameof(values));
        var parts = new string[_segments.Length];
        var next = 0;
        for (var i = 0; i < parts.Length; i++)
            parts[i] = IsParameter(_segments[i]) ? KeyEscaping.Escape(values[next++]) : _segments[i];
        return string.Join(':', parts);
    }

    public string TenantTag(string tenant)
    {
        var upTo = _segments[..(_tenantSegment + 1)];
        upTo[_tenantSegment] = KeyEscaping.Escape(tenant);
        var prefix = string.Join(':', upTo);
        return _tenantSegment == _segments.Length - 1 ? prefix : prefix + ":*";
    }

    /// <summary>Splits a key of this pattern into its segments. Values are escaped, so a colon always parts segments.</summary>
    public bool TryMatch(string key, [NotNullWhen(true)] out string[]? segments)
    {
        segments = key.Split(':');
        if (segments.Length != _segments.Length)
            return Fail(out segments);
        for (var i = 0; i < segments.Length; i++)
        {
            if (!IsParameter(_segments[i]) && _segments[i] != segments[i])
                return Fail(out segments);
        }
        return true;

        static bool Fail(out string[]? segments)
        {
            segments = null;
            return false;
        }
    }

    /// <summary>The tags that a matched key implies by its own segments: its tenant's part of the pattern, the tenant, and the user if it has one.</summary>
    public IEnumerable<string> ImpliedTags(string[] segments)
    {
        var tenant = segments[_tenantSegment];
        if (_tenantSegment < segments.Length - 1)
            yield return string.Join(':', segments[..(_tenantSegment + 1)]) + ":*";
        yield return "tenant:" + tenant;
        if (_userSegment >= 0)
            yield return $"user:{tenant}:{segments[_userSegment]}";
    }

    /// <summary>Whether a text is <see cref="TenantTag"/> of some tenant.</summary>
    public bool TenantTagMatches(string text)
    {
        var upTo = string.Join(':', _segments[..(_tenantSegment + 1)]);
        return FormMatches(_tenantSegment == _segments.Length - 1 ? upTo : upTo + ":*", text);
    }

    /// <summary>Whether a text is a form with values in the place of its parameters, and none of the values means more than itself.</summary>
    public static bool FormMatches(string form, string text)
    {
        var (forms, parts) = (form.Split(':'), text.Split(':'));
        return forms.Length == parts.Length
            && forms.Zip(parts).All(pair => IsParameter(pair.First) ? !GlobPattern.IsOne(pair.Second) : pair.First == pair.Second);
    }

    /// <summary>Fills a tag pattern with the values of a matched key (already escaped).</summary>
    public string FillTag(string tagPattern, string[] segments)
    {
        var parts = tagPattern.Split(':');
        for (var i = 0; i < parts.Length; i++)
        {
            if (IsParameter(parts[i]))
                parts[i] = segments[Array.IndexOf(_segments, parts[i])];
        }
        return string.Join(':', parts);
    }

    /// <summary>The parameters of a tag pattern that this pattern does not have; empty when the tag pattern is usable.</summary>
    public IEnumerable<string> UnknownParameters(string tagPattern) =>
        tagPattern.Split(':').Where(part => IsParameter(part) && !_segments.Contains(part));

    private static bool IsParameter(string segment) => segment.Length > 2 && segment[0] == '{' && segment[^1] == '}';
}
