using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace ECommerce.Api.Authentication;

/// <summary>
/// Accepts a token whose validation is cached, without the framework's service and handler, which are made for each
/// request. They do all the rest.
/// </summary>
/// <param name="cache">The valid tokens.</param>
/// <param name="transformation">What the framework would apply to the claims of each request.</param>
internal sealed class CachedAuthentication(TokenValidationCache cache, IClaimsTransformation transformation)
    : IAuthenticationService
{
    /// <summary>The key of the framework's service.</summary>
    public const string Framework = nameof(Framework);

    private const string Bearer = "Bearer ";

    // A transformation sees each request: its result is in no cache.
    private readonly bool _usesCache = transformation is NoopClaimsTransformation;

    public Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme)
    {
        // The only scheme and the default one.
        if (_usesCache && scheme is null or JwtBearerDefaults.AuthenticationScheme
            && context.Request.Headers.Authorization is [{ } header]
            && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            && cache.Find(header.AsSpan(Bearer.Length).Trim()) is { } valid)
        {
            return valid.AsTask;
        }
        return Inner(context).AuthenticateAsync(context, scheme);
    }

    public Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        Inner(context).ChallengeAsync(context, scheme, properties);

    public Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        Inner(context).ForbidAsync(context, scheme, properties);

    public Task SignInAsync(
        HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties) =>
        Inner(context).SignInAsync(context, scheme, principal, properties);

    public Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        Inner(context).SignOutAsync(context, scheme, properties);

    private static IAuthenticationService Inner(HttpContext context) =>
        context.RequestServices.GetRequiredKeyedService<IAuthenticationService>(Framework);
}
