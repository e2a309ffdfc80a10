using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace ECommerce.Api;

/// <summary>
/// Lets in by a token that was found valid before, without what the framework's handler does around each validation. Everything else is up to that one.
/// </summary>
internal sealed class RememberingBearerHandler(IOptionsMonitor<JwtBearerOptions> options, ILoggerFactory logger, UrlEncoder encoder, ValidatedTokens valid)
    : JwtBearerHandler(options, logger, encoder)
{
    private const string Bearer = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Request.Headers.Authorization is [{ } header] && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && valid.Find(header.AsSpan(Bearer.Length).Trim()) is { } known
            ? Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(known.ClaimsIdentity), Scheme.Name)))
            : base.HandleAuthenticateAsync();
}
