using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace ECommerce.Api;

/// <summary>Who is calling: our own access tokens, and nothing else.</summary>
internal static class TokenAuthentication
{
    public static void AddTokenAuthentication(this IServiceCollection services, IConfiguration configuration)
    {
        var tokens = TokenSettings.Read(configuration);
        services.AddSingleton(tokens);
        services.AddSingleton(new ValidatedTokens(TimeProvider.System));
        services.AddTransient<RememberingBearerHandler>();
        services.PostConfigure<AuthenticationOptions>(options => options.SchemeMap[JwtBearerDefaults.AuthenticationScheme].HandlerType = typeof(RememberingBearerHandler));
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<ValidatedTokens>(static (options, valid) =>
        {
            options.TokenHandlers.Clear();
            options.TokenHandlers.Add(valid);
        });
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            // Nobody asks for it.
            options.SaveToken = false;
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = TokenSettings.Issuer,
                ValidAudience = TokenSettings.Audience,
                IssuerSigningKey = tokens.SigningKey,
                // The one that we sign with: neither "none" nor an algorithm of the caller's choice.
                ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
                RequireSignedTokens = true,
                RequireExpirationTime = true,
                ClockSkew = ValidatedTokens.ClockSkew,
                NameClaimType = "name",
                RoleClaimType = "role",
            };
        });
    }
}
