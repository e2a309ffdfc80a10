using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Authorization.Policy;

namespace ECommerce.Api.Authentication;

/// <summary>
/// Evaluates once whether the claims of a valid token satisfy an endpoint's policy. Refusals, and policies that look at
/// more than claims, are evaluated by the framework for each request.
/// </summary>
internal sealed class CachedAuthorization : IPolicyEvaluator
{
    /// <summary>The key of the framework's evaluator.</summary>
    public const string Framework = nameof(Framework);

    // These very types: a derived one may look at more.
    private static readonly Type[] ClaimRequirements =
    [
        typeof(DenyAnonymousAuthorizationRequirement),
        typeof(ClaimsAuthorizationRequirement),
        typeof(RolesAuthorizationRequirement),
    ];

    private static readonly Task<PolicyAuthorizationResult> Allowed =
        Task.FromResult(PolicyAuthorizationResult.Success());

    public Task<AuthenticateResult> AuthenticateAsync(AuthorizationPolicy policy, HttpContext context) =>
        policy.AuthenticationSchemes.Count == 0
        && context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult is ValidToken token
            ? token.AsTask
            : Inner(context).AuthenticateAsync(policy, context);

    public Task<PolicyAuthorizationResult> AuthorizeAsync(
        AuthorizationPolicy policy, AuthenticateResult authenticationResult, HttpContext context, object? resource)
    {
        if (authenticationResult is not ValidToken token || context.User != token.Principal)
            return Inner(context).AuthorizeAsync(policy, authenticationResult, context, resource);
        return token.Satisfies(policy) ? Allowed : EvaluateAsync(policy, token, context, resource);
    }

    private static async Task<PolicyAuthorizationResult> EvaluateAsync(
        AuthorizationPolicy policy, ValidToken token, HttpContext context, object? resource)
    {
        var result = await Inner(context).AuthorizeAsync(policy, token, context, resource);
        if (result.Succeeded && LooksAtClaimsOnly(policy, context))
            token.Satisfied(policy);
        return result;
    }

    // Another handler may look at more, and refuse what the requirements themselves allow.
    private static bool LooksAtClaimsOnly(AuthorizationPolicy policy, HttpContext context) =>
        policy.Requirements.All(static requirement => ClaimRequirements.Contains(requirement.GetType()))
        && context.RequestServices.GetServices<IAuthorizationHandler>().All(
            static handler => handler is PassThroughAuthorizationHandler);

    private static IPolicyEvaluator Inner(HttpContext context) =>
        context.RequestServices.GetRequiredKeyedService<IPolicyEvaluator>(Framework);
}
