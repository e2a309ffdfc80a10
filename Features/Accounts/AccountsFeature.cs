using ECommerce.Features.Accounts.Revocation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Accounts;

/// <summary>
/// Login, sessions and the current user. Nothing here is ever cached: the data are tokens and password hashes.
/// </summary>
internal static class AccountsFeature
{
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<LoginThrottle>();
        services.AddSingleton<Passwords>();
        services.AddSingleton<TokenRevocations>();
        services.AddSingleton<ITokenStatus, TokenStatus>();
        services.AddSingleton<TokenRevocationPoller>();
        services.AddHostedService(static provider => provider.GetRequiredService<TokenRevocationPoller>());
        services.AddHealthChecks().AddCheck<TokenRevocationPoller>("token_revocations");
        services.AddValidator<Credentials, CredentialsValidator>();
        services.AddValidator<PasswordChange, PasswordChangeValidator>();
        services.AddValidator<RefreshRequest, RefreshRequestValidator>();
    }

    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        var auth = app.MapGroup("/auth").WithTags("Accounts").AddEndpointFilter(NoStore.Filter);

        auth.MapPost("/login", LogIn.Handle)
            .WithSummary("Logs in: an access token and a refresh token.").AllowAnonymous()
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status429TooManyRequests);
        auth.MapPost("/refresh", RefreshSession.Handle)
            .WithSummary("A new access token for a refresh token, which is replaced.").AllowAnonymous()
            .ProducesProblem(StatusCodes.Status401Unauthorized);
        auth.MapPost("/logout", LogOut.Handle)
            .WithSummary("Ends the session of a refresh token, or all of the current user.")
            .AllowAnonymous().ProducesProblem(StatusCodes.Status401Unauthorized);
        auth.MapPost("/password", ChangePassword.Handle)
            .WithSummary("Changes the password of the current user.").RequireAuthorization(Permissions.SignedIn)
            .ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status429TooManyRequests);
        auth.MapGet("/me", WhoAmI.Handle)
            .WithSummary("The current user.").RequireAuthorization(Permissions.SignedIn);
    }
}
