using System.Security.Claims;
using ECommerce.Api.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;

namespace ECommerce.Api.Tests.Accounts;

public sealed class CachedAuthorizationTests
{
    private static readonly AuthorizationPolicy MayRead =
        new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireClaim("tenant").RequireRole("admin").Build();

    private readonly ServiceCollection _services = [];
    private readonly ValidToken _token = Token("admin");

    public CachedAuthorizationTests()
    {
        _services.AddLogging();
        _services.AddTokenAuthentication(new ConfigurationBuilder()
            .AddInMemoryCollection([new("JWT_SIGNING_KEY", ApiFactory.SigningKey)]).Build());
    }

    [Fact]
    public async Task That_claims_satisfy_a_policy_is_kept_with_their_token()
    {
        Assert.False(_token.Satisfies(MayRead));

        Assert.True(await IsAllowedAsync(MayRead));
        Assert.True(_token.Satisfies(MayRead));
        Assert.True(await IsAllowedAsync(MayRead));

        Assert.False(Token("admin").Satisfies(MayRead));
    }

    [Fact]
    public async Task A_refusal_is_not_kept()
    {
        var other = new AuthorizationPolicyBuilder().RequireRole("super").Build();

        Assert.True(await IsAllowedAsync(MayRead));
        Assert.False(await IsAllowedAsync(other));
        Assert.False(await IsAllowedAsync(other));
        Assert.False(_token.Satisfies(other));
    }

    [Fact]
    public async Task Another_principal_does_not_get_what_the_token_may_do()
    {
        Assert.True(await IsAllowedAsync(MayRead));

        Assert.False(await IsAllowedAsync(MayRead, Token("user").Principal));
    }

    [Fact]
    public async Task A_policy_that_looks_at_more_than_claims_is_evaluated_each_time()
    {
        var isOpen = true;
        var whileOpen = new AuthorizationPolicyBuilder().RequireAssertion(_ => isOpen).Build();
        Assert.True(await IsAllowedAsync(whileOpen));

        isOpen = false;

        Assert.False(await IsAllowedAsync(whileOpen));
    }

    [Fact]
    public async Task A_requirement_derived_from_one_of_claims_is_evaluated_each_time()
    {
        var derived = new WhileOpen();
        var policy = new AuthorizationPolicyBuilder().AddRequirements(derived).Build();
        Assert.True(await IsAllowedAsync(policy));

        derived.IsOpen = false;

        Assert.False(await IsAllowedAsync(policy));
    }

    [Fact]
    public async Task A_handler_of_its_own_is_asked_each_time()
    {
        var handler = new Veto();
        _services.AddSingleton<IAuthorizationHandler>(handler);
        Assert.True(await IsAllowedAsync(MayRead));

        handler.IsOpen = false;

        Assert.False(await IsAllowedAsync(MayRead));
    }

    [Fact]
    public async Task No_more_policies_are_kept_with_a_token_than_a_service_has_endpoints()
    {
        for (var i = 0; i < 1000; i++)
            Assert.True(await IsAllowedAsync(new AuthorizationPolicyBuilder().RequireRole("admin").Build()));

        Assert.True(await IsAllowedAsync(MayRead));
        Assert.False(_token.Satisfies(MayRead));
    }

    private async Task<bool> IsAllowedAsync(AuthorizationPolicy policy, ClaimsPrincipal? user = null)
    {
        await using var services = _services.BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services, User = user ?? _token.Principal! };
        var evaluator = services.GetRequiredService<IPolicyEvaluator>();
        return (await evaluator.AuthorizeAsync(policy, _token, context, context)).Succeeded;
    }

    private static ValidToken Token(string role) => new(new TokenValidationResult
    {
        IsValid = true,
        ClaimsIdentity = new ClaimsIdentity(
            [new Claim("sub", "7"), new Claim("tenant", "acme"), new Claim("role", role)], "Bearer", "name", "role"),
    }, userId: 7, version: 0);

    private sealed class WhileOpen() : RolesAuthorizationRequirement(["admin"])
    {
        public bool IsOpen { get; set; } = true;

        protected override Task HandleRequirementAsync(
            AuthorizationHandlerContext context, RolesAuthorizationRequirement requirement) =>
            IsOpen ? base.HandleRequirementAsync(context, requirement) : Task.CompletedTask;
    }

    private sealed class Veto : IAuthorizationHandler
    {
        public bool IsOpen { get; set; } = true;

        public Task HandleAsync(AuthorizationHandlerContext context)
        {
            if (!IsOpen)
                context.Fail();
            return Task.CompletedTask;
        }
    }
}
