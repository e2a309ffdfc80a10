using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ECommerce.Caching.Http;

/// <summary>
/// The headers that outer middleware set for this request (a correlation id, the allowed origin): taken off the
/// response while it is built, so that they are not stored with it, and put back when it starts.
/// </summary>
internal sealed class OuterHeaders
{
    private readonly KeyValuePair<string, StringValues>[] _headers;
    private bool _restored;

    private OuterHeaders(KeyValuePair<string, StringValues>[] headers) => _headers = headers;

    /// <summary>Null if there are none.</summary>
    public static OuterHeaders? Take(HttpResponse response)
    {
        if (response.HasStarted || response.Headers.Count == 0)
            return null;
        var taken = new OuterHeaders([.. response.Headers]);
        response.Headers.Clear();
        return taken;
    }

    /// <summary>
    /// Once: an exception handler further out may clear the response. A header that the endpoint set too is the
    /// endpoint's, but for those that are lists of what several parts of the pipeline add.
    /// </summary>
    public void Restore(IHeaderDictionary headers)
    {
        if (_restored)
            return;
        _restored = true;
        foreach (var (name, value) in _headers)
        {
            if (!headers.TryGetValue(name, out var inner))
                headers[name] = value;
            else if (IsList(name))
                headers[name] = StringValues.Concat(value, inner);
        }
    }

    private static bool IsList(string name) =>
        name.Equals(HeaderNames.Vary, StringComparison.OrdinalIgnoreCase)
        || name.Equals(HeaderNames.SetCookie, StringComparison.OrdinalIgnoreCase);
}
