using ECommerce.Caching.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ECommerce.Caching.Http;

/// <summary>The headers of every cacheable response, and the comparison with the validator of the client.</summary>
internal static class ResponseHeaders
{
    public const string CacheStatus = "Cache-Status";

    private const string Json = "application/json; charset=utf-8";

    // Always revalidated, which costs little by ETag: a merchant never sees a response from before the last own write.
    private static readonly StringValues Revalidate = "private, no-cache";
    private static readonly StringValues Vary = $"{HeaderNames.Authorization}, {HeaderNames.AcceptEncoding}";

    /// <summary>What a response is revalidated by. A Cache-Control that is there already stays.</summary>
    public static void WriteCaching(IHeaderDictionary headers, string etag)
    {
        headers.ETag = etag;
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = Revalidate;
        headers.Vary = headers.Vary.Count == 0 ? Vary : StringValues.Concat(headers.Vary, Vary);
    }

    public static void WriteContent(HttpResponse response, int length)
    {
        response.ContentType = Json;
        response.ContentLength = length;
    }

    /// <summary>
    /// The headers a stored response has beside those of <see cref="WriteCaching"/> and <see cref="WriteContent"/>.
    /// </summary>
    public static KeyValuePair<string, StringValues>[] Own(KeyValuePair<string, StringValues>[] headers) =>
        Array.FindAll(headers, static header => !IsStandard(header.Key, header.Value));

    /// <summary>Writes the headers of a stored response over the standard ones.</summary>
    public static void WriteOwn(
        IHeaderDictionary headers, KeyValuePair<string, StringValues>[] own, bool notModified = false)
    {
        foreach (var (name, value) in own)
        {
            if (!notModified || IsOf304(name))
                headers[name] = value;
        }
    }

    /// <summary>
    /// The tag by which the client has this response, in whatever content coding: RFC 9110, 13.1.2, by the weak
    /// comparison. Null: it has not.
    /// </summary>
    public static string? Match(StringValues current, StringValues ifNoneMatch)
    {
        if (current.Count != 1 || current[0] is not { Length: > 2 } text)
            return null;
        // Nearly always the one tag of an earlier response.
        if (ifNoneMatch.Count == 1 && text == ifNoneMatch[0])
            return text;
        if (!EntityTagHeaderValue.TryParse(text, out var tag)
            || !EntityTagHeaderValue.TryParseList(ifNoneMatch!, out var known))
        {
            return null;
        }
        foreach (var candidate in known)
        {
            if (candidate.Equals(EntityTagHeaderValue.Any))
                return text;
            if (ContentCodings.IsSameBody(tag.Tag.AsSpan(), candidate.Tag.AsSpan()))
                return candidate.Tag.Length == tag.Tag.Length ? text : candidate.Tag.ToString();
        }
        return null;
    }

    // The headers of RFC 9110, 15.4.5.
    private static bool IsOf304(string name) =>
        Is(name, HeaderNames.CacheControl) || Is(name, HeaderNames.ContentLocation) || Is(name, HeaderNames.Expires)
        || Is(name, HeaderNames.Vary);

    // Written for each response anew, or the same for all.
    private static bool IsStandard(string name, StringValues value) =>
        Is(name, HeaderNames.ETag) || Is(name, HeaderNames.ContentLength) || Is(name, HeaderNames.Date)
        || Is(name, HeaderNames.TransferEncoding) || Is(name, HeaderNames.Connection)
        || (Is(name, HeaderNames.CacheControl) && value == Revalidate)
        || (Is(name, HeaderNames.Vary) && value == Vary)
        || (Is(name, HeaderNames.ContentType) && value == Json);

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
