using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace ECommerce.Features.Common.Identity;

/// <summary>What access tokens are signed with, and whom they are for.</summary>
public sealed class TokenSettings(byte[] key)
{
    public const string Issuer = "ecommerce";
    public const string Audience = "ecommerce-api";
    private const int ShortestKey = 32;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    public SymmetricSecurityKey SigningKey { get; } = new(key);

    public static TokenSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var key = Encoding.UTF8.GetBytes(configuration["JWT_SIGNING_KEY"] ?? "");
        return key.Length >= ShortestKey
            ? new TokenSettings(key)
            : throw new OptionsValidationException(
                nameof(TokenSettings), typeof(TokenSettings), [$"JWT_SIGNING_KEY must have at least {ShortestKey} bytes."]);
    }
}
