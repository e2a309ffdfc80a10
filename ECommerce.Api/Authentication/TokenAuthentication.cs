using ECommerce.Features.Accounts.Revocation;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.IdentityModel.Tokens;

namespace ECommerce.Api.Authentication;

/// <summary>JWT validation: only access tokens that this system signed are accepted.</summary>
internal static class TokenAuthentication
{
    public static void AddTokenAuthentication(this IServiceCollection services, IConfiguration configuration)
    {
        var tokens = TokenSettings.Read(configuration);
        services.AddSingleton(tokens);
        services.AddSingleton(static provider => new TokenValidationCache(
            TimeProvider.System, provider.GetRequiredService<TokenRevocations>()));
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<TokenValidationCache>(static (options, cache) =>
            {
                options.TokenHandlers.Clear();
                options.TokenHandlers.Add(cache);
            });
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            // Nothing reads it later.
            options.SaveToken = false;
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = TokenSettings.Issuer,
                ValidAudience = TokenSettings.Audience,
                IssuerSigningKeys = tokens.Keys,
                // Only the algorithm of our signatures: neither "none" nor one that the client chooses.
                ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
                RequireSignedTokens = true,
                RequireExpirationTime = true,
                ClockSkew = TokenValidationCache.ClockSkew,
                NameClaimType = "name",
                RoleClaimType = "role",
            };
        });
        services.AddAuthorization();
        services.PutBefore<IAuthenticationService, CachedAuthentication>(CachedAuthentication.Framework);
        services.PutBefore<IPolicyEvaluator, CachedAuthorization>(CachedAuthorization.Framework);
    }

    /// <summary>Registers an implementation that has the framework's do the rest, which it finds by a key.</summary>
    private static void PutBefore<TService, TCached>(this IServiceCollection services, string key)
        where TService : class
        where TCached : class, TService
    {
        var framework = services.Last(service => service.ServiceType == typeof(TService));
        services.Remove(framework);
        services.Add(ServiceDescriptor.DescribeKeyed(
            typeof(TService), key, framework.ImplementationType!, framework.Lifetime));
        services.AddSingleton<TService, TCached>();
    }
}
