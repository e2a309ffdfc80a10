using Microsoft.AspNetCore.Http;

namespace ECommerce.Caching.Http;

/// <summary>The data key of a request's response, computed once: it may cost a parsed query and an HMAC.</summary>
internal sealed class ResponseKeyFeature(Func<HttpContext, string?> source, string? key)
{
    /// <summary>The key, computed unless an earlier part of the pipeline did so from the same source.</summary>
    public static string? Get(HttpContext context, Func<HttpContext, string?> source)
    {
        if (context.Features.Get<ResponseKeyFeature>() is { } known && known.IsFrom(source))
            return known.Key;
        var key = source(context);
        Set(context, source, key);
        return key;
    }

    public static void Set(HttpContext context, Func<HttpContext, string?> source, string? key) =>
        context.Features.Set(new ResponseKeyFeature(source, key));

    /// <summary>How the endpoint's policy computes the key.</summary>
    public Func<HttpContext, string?> Source => source;

    private string? Key => key;

    private bool IsFrom(Func<HttpContext, string?> other) => source == other;
}
