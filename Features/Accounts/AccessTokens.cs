using System.Globalization;
using ECommerce.Features.Accounts.Revocation;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ECommerce.Features.Accounts;

/// <summary>
/// Creates access tokens (JWT, HS256). A token is valid until it expires, unless the account is changed before
/// (<see cref="TokenRevocations"/>).
/// </summary>
internal sealed class AccessTokens(TokenSettings settings, TimeProvider time)
{
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials = new(settings.SigningKey, SecurityAlgorithms.HmacSha256);

    public (string Token, DateTime ExpiresAt) Create(
        int userId, string username, string? tenant, string role, int version)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var expiresAt = new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc)
            + TokenSettings.Lifetime;
        var claims = new Dictionary<string, object>
        {
            [CurrentUser.IdClaim] = userId.ToString(CultureInfo.InvariantCulture),
            [CurrentUser.NameClaim] = username,
            [CurrentUser.RoleClaim] = role,
        };
        if (tenant is not null)
            claims[Tenant.Claim] = tenant;
        if (version > 0)
            claims[TokenRevocations.VersionClaim] = version;
        var token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = TokenSettings.Issuer,
            Audience = TokenSettings.Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = expiresAt,
            Claims = claims,
            SigningCredentials = _credentials,
        });
        return (token, expiresAt);
    }
}
