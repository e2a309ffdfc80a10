using System.Text;
using ECommerce.Features.Common.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace ECommerce.Features.Common.Identity;

/// <summary>Signing keys, issuer, audience and lifetime of access tokens.</summary>
public sealed class TokenSettings
{
    public const string Issuer = "ecommerce";
    public const string Audience = "ecommerce-api";

    private const string SettingName = "JWT_SIGNING_KEY";
    private const int MinKeyBytes = 32;

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private TokenSettings(IReadOnlyList<SymmetricSecurityKey> keys) => Keys = keys;

    /// <summary>
    /// What a token may be signed with. A token names the id of its key, if it has one; where no key has that id, each
    /// is tried, so that a key may be given an id, or another one, while its tokens are in use.
    /// </summary>
    public IReadOnlyList<SymmetricSecurityKey> Keys { get; }

    /// <summary>Signs new tokens.</summary>
    public SymmetricSecurityKey SigningKey => Keys[0];

    public static TokenSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var keys = SecretKey.Parse(
            SettingName, configuration[SettingName],
            static value => Encoding.UTF8.GetByteCount(value) >= MinKeyBytes, $"{MinKeyBytes} bytes");
        return new TokenSettings([.. keys.Select(Create)]);
    }

    private static SymmetricSecurityKey Create(SecretKey key) =>
        new(Encoding.UTF8.GetBytes(key.Value)) { KeyId = key.Id.Length > 0 ? key.Id : null };
}
