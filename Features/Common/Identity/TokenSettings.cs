using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace ECommerce.Features.Common.Identity;

/// <summary>Signing key, issuer, audience and lifetime of access tokens.</summary>
public sealed class TokenSettings(byte[] key)
{
    public const string Issuer = "ecommerce";
    public const string Audience = "ecommerce-api";
    private const int MinKeyBytes = 32;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    public SymmetricSecurityKey SigningKey { get; } = new(key);

    public static TokenSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var key = Encoding.UTF8.GetBytes(configuration["JWT_SIGNING_KEY"] ?? "");
        return key.Length >= MinKeyBytes
            ? new TokenSettings(key)
            : throw new OptionsValidationException(
                nameof(TokenSettings), typeof(TokenSettings),
                [$"JWT_SIGNING_KEY must have at least {MinKeyBytes} bytes."]);
    }
}
