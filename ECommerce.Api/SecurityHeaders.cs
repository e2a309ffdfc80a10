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
        if (app.Environment.IsProduction())
            app.UseHsts();
    }

    /// <summary>Called when the response starts: the exception handler empties the headers.</summary>
    public static void Write(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        if (headers.ContentType is [{ } type] && type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase))
        {
            headers.ContentSecurityPolicy = ForPages;
            headers.XFrameOptions = "DENY";
        }
    }
}
