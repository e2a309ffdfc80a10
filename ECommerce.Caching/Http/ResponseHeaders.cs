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

    public static void WriteCaching(IHeaderDictionary headers, string etag)
    {
        headers.ETag = etag;
        headers.CacheControl = Revalidate;
        headers.Vary = Vary;
    }

    public static void WriteContent(HttpResponse response, int length)
    {
        response.ContentType = Json;
        response.ContentLength = length;
    }

    /// <summary>Whether the client has this response: RFC 9110, 13.1.2, by the weak comparison.</summary>
    public static bool Match(StringValues current, StringValues ifNoneMatch)
    {
        // Nearly always the one tag of an earlier response.
        if (ifNoneMatch.Count == 1 && current.Count == 1 && current[0] is { Length: > 2 } text
            && text == ifNoneMatch[0])
        {
            return true;
        }
        return EntityTagHeaderValue.TryParse(current.ToString(), out var tag)
            && EntityTagHeaderValue.TryParseList(ifNoneMatch!, out var known)
            && known.Any(
                candidate => candidate.Equals(EntityTagHeaderValue.Any)
                || candidate.Compare(tag, useStrongComparison: false));
    }
}
