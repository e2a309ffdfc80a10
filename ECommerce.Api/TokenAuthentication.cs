using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace ECommerce.Api;

/// <summary>JWT validation: only access tokens that this system signed are accepted.</summary>
internal static class TokenAuthentication
{
    public static void AddTokenAuthentication(this IServiceCollection services, IConfiguration configuration)
    {
        var tokens = TokenSettings.Read(configuration);
        services.AddSingleton(tokens);
        services.AddSingleton(new TokenValidationCache(TimeProvider.System));
        services.AddTransient<CachedJwtBearerHandler>();
        services.PostConfigure<AuthenticationOptions>(options =>
            options.SchemeMap[JwtBearerDefaults.AuthenticationScheme].HandlerType = typeof(CachedJwtBearerHandler));
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
                IssuerSigningKey = tokens.SigningKey,
                // Only the algorithm of our signatures: neither "none" nor one that the client chooses.
                ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
                RequireSignedTokens = true,
                RequireExpirationTime = true,
                ClockSkew = TokenValidationCache.ClockSkew,
                NameClaimType = "name",
                RoleClaimType = "role",
            };
        });
    }
}
