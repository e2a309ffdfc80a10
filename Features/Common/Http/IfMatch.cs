using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ECommerce.Features.Common.Http;

/// <summary>
/// The row versions that the If-Match header of a write accepts. Entity tags have the form
/// <c>"{row_version}-{hash}"</c>; only the version is compared.
/// </summary>
public sealed class IfMatch
{
    private static readonly IfMatch Anything = new(null);
    private readonly HashSet<long>? _versions;

    private IfMatch(HashSet<long>? versions) => _versions = versions;

    public bool Allows(long version) => _versions is null || _versions.Contains(version);

    public static ValueTask<IfMatch> BindAsync(HttpContext context)
    {
        var header = context.Request.Headers.IfMatch;
        if (header.Count == 0)
            return ValueTask.FromResult(Anything);
        if (!EntityTagHeaderValue.TryParseStrictList([.. header.OfType<string>()], out var tags) || tags.Count == 0)
            throw new BadInputException("malformed_if_match", "If-Match is neither * nor a list of entity tags.");
        return ValueTask.FromResult(
            tags.Any(tag => tag.Tag == "*") ? Anything : new IfMatch([.. tags.Select(Version).OfType<long>()]));
    }

    // A weak tag never matches (RFC 9110, 13.1.1), nor does a tag of another form.
    private static long? Version(EntityTagHeaderValue tag)
    {
        var text = tag.Tag.AsSpan().Trim('"');
        var dash = text.IndexOf('-');
        if (tag.IsWeak || dash <= 0)
            return null;
        return long.TryParse(text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;
    }
}
