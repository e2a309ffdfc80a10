using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Dashboard;

/// <summary>Who may look, and who may press buttons.</summary>
internal sealed class DashboardAccess
{
    private const int TokenBytes = 16;
    private static readonly string[] OwnNames = ["localhost", "127.0.0.1", "[::1]"];

    // Browsers share cookies between the ports of a host: two AppHosts must not log each other out.
    private readonly string _cookie;
    private readonly string _session;

    public DashboardAccess(IConfiguration configuration, int port)
    {
        _cookie = $"apphost-dashboard-{port}";
        Token = IsAnonymous(configuration) ? null
            : configuration["ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN"] ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        // Not the token itself, and the same again for the same token.
        _session = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Token ?? ""), "dashboard session"u8));
    }

    /// <summary>Null when everybody on this machine may look.</summary>
    public string? Token { get; }

    public Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.CacheControl = "no-store";

        // A foreign name that resolves to this machine (DNS rebinding) would make a foreign page same-origin with us.
        if (!OwnNames.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
            return Refuse(response, StatusCodes.Status421MisdirectedRequest);

        if (request.Path == "/login" || request.Path == "/style.css")
            return next(context);

        if (!IsLoggedIn(request))
        {
            if (!HttpMethods.IsGet(request.Method) || request.Path.StartsWithSegments("/api"))
                return Refuse(response, StatusCodes.Status401Unauthorized);

            response.Redirect("/login");
            return Task.CompletedTask;
        }

        var changes = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        return changes && request.Headers.Origin != $"{request.Scheme}://{request.Host}"
            ? Refuse(response, StatusCodes.Status403Forbidden)
            : next(context);
    }

    public IResult Login(HttpContext context, string? t = null, string? returnUrl = null)
    {
        var target = IsLocal(returnUrl) ? returnUrl! : "/";
        if (IsLoggedIn(context.Request))
            return Results.Redirect(target);

        if (t is null || !AreEqual(t, Token!))
            return WebFile.Answer("login.html", t is null ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized);

        context.Response.Cookies.Append(_cookie, _session, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            MaxAge = TimeSpan.FromDays(3),
        });
        return Results.Redirect(target);
    }

    private static bool IsAnonymous(IConfiguration configuration) =>
        string.Equals(configuration["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"], "true", StringComparison.OrdinalIgnoreCase);

    private static bool IsLocal(string? url) => url is ['/', ..] and not ['/', '/' or '\\', ..];

    private static bool AreEqual(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    private static Task Refuse(HttpResponse response, int status)
    {
        response.StatusCode = status;
        return Task.CompletedTask;
    }

    private bool IsLoggedIn(HttpRequest request) =>
        Token is null || (request.Cookies[_cookie] is { } session && AreEqual(session, _session));
}
