using System.Text;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ECommerce.Api;

/// <summary>What makes a request unreadable whatever its endpoint: its host, its charset, its content coding.</summary>
internal static partial class RequestChecks
{
    private const string Setting = "AllowedHosts";

    /// <summary>
    /// Responds with 400 to a Host that <c>AllowedHosts</c> does not name (host names separated by semicolons,
    /// <c>*.example.com</c> for subdomains, <c>*</c> for any). The host's own filter does so with an empty body.
    /// </summary>
    public static void UseAllowedHosts(this WebApplication app)
    {
        var allowed = (app.Configuration[Setting] ?? "*")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (allowed.Length == 0 || allowed.Contains("*"))
        {
            if (app.Environment.IsProduction())
                LogAnyHost(app.Logger);
            return;
        }
        var patterns = Array.ConvertAll(allowed, static name => new StringSegment(name));
        app.Use(async (context, next) =>
        {
            if (!HostString.MatchesAny(context.Request.Host.Host, patterns))
                throw new BadInputException("unknown_host", "The Host header names no host of this service.");
            await next(context);
        });
    }

    /// <summary>
    /// Responds with 400 to a request with both Transfer-Encoding and Content-Length, and closes the connection:
    /// request smuggling, where a proxy before this server reads another length. The server goes by the former and
    /// keeps the latter as X-Content-Length.
    /// </summary>
    public static void UseUnambiguousLength(this WebApplication app) => app.Use(static (context, next) =>
    {
        var headers = context.Request.Headers;
        if (headers.TransferEncoding.Count == 0 || !headers.ContainsKey("X-Content-Length"))
            return next(context);
        // When the response starts: the exception handler empties the headers.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.Connection = "close";
            return Task.CompletedTask;
        });
        throw new BadInputException("ambiguous_length", "A body has either a Content-Length or a Transfer-Encoding.");
    });

    /// <summary>Responds with 415 to a body in a charset or content coding that is not known here.</summary>
    public static void UseReadableBodies(this WebApplication app) => app.Use(static (context, next) =>
    {
        var headers = context.Request.Headers;
        if (headers.ContentEncoding.Count == 0 && headers.ContentType.Count == 0)
            return next(context);
        return IsIdentity(headers) && IsKnownCharset(headers)
            ? next(context)
            : throw new BadHttpRequestException(
                "The charset or content coding of the body is not known.", StatusCodes.Status415UnsupportedMediaType);
    });

    private static bool IsIdentity(IHeaderDictionary headers) =>
        headers.GetCommaSeparatedValues(HeaderNames.ContentEncoding)
            .All(coding => coding.Equals("identity", StringComparison.OrdinalIgnoreCase));

    // A type that cannot be parsed is none that an endpoint accepts: the framework responds with 415.
    private static bool IsKnownCharset(IHeaderDictionary headers)
    {
        if (!MediaTypeHeaderValue.TryParse(headers.ContentType.ToString(), out var type) || !type.Charset.HasValue)
            return true;
        var name = HeaderUtilities.RemoveQuotes(type.Charset);
        try
        {
            _ = Encoding.GetEncoding(name.ToString());
            // The reader of JSON bodies does not know the quoted form.
            if (name.Length < type.Charset.Length)
            {
                type.Charset = name;
                headers.ContentType = type.ToString();
            }
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "AllowedHosts is not set: requests for any host are served.")]
    private static partial void LogAnyHost(ILogger logger);
}
