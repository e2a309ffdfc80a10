using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace ECommerce.Api;

/// <summary>
/// Accepts a token whose validation is cached without the events of the framework's handler, which handles every other
/// request.
/// </summary>
internal sealed class CachedJwtBearerHandler(
    IOptionsMonitor<JwtBearerOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenValidationCache cache)
    : JwtBearerHandler(options, logger, encoder)
{
    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } header]
            || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return base.HandleAuthenticateAsync();
        }
        if (cache.Find(header.AsSpan(Bearer.Length).Trim()) is not { } valid)
            return base.HandleAuthenticateAsync();
        var principal = new ClaimsPrincipal(valid.ClaimsIdentity);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name)));
    }
}
