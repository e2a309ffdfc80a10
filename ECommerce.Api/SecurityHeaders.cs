namespace ECommerce.Api;

/// <summary>
/// Headers that limit what a browser does with a response: no guessing of types; pages load nothing from elsewhere and
/// are shown in no frame; in Production HTTPS only (HSTS).
/// </summary>
internal static class SecurityHeaders
{
    private const string ForPages =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void AddSecurityHeaders(this IServiceCollection services) =>
        services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));

    public static void UseSecurityHeaders(this WebApplication app)
    {
        if (!app.Environment.IsProduction())
            return;
        app.UseHsts();
        app.Use(static (context, next) =>
        {
            // Written before the request is handled, and emptied with the other headers by the exception handler.
            if (context.Response.Headers.StrictTransportSecurity is { Count: > 0 } value)
            {
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers.StrictTransportSecurity = value;
                    return Task.CompletedTask;
                });
            }
            return next(context);
        });
    }

    /// <summary>Called when the response starts: the exception handler empties the headers.</summary>
    public static void Write(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        if (headers.ContentType is [{ } type] && type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase))
        {
            // A page of our own has a stricter one.
            if (headers.ContentSecurityPolicy.Count == 0)
                headers.ContentSecurityPolicy = ForPages;
            headers.XFrameOptions = "DENY";
        }
    }
}
