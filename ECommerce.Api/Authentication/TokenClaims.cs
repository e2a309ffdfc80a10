using System.Globalization;
using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ECommerce.Api.Authentication;

/// <summary>
/// The shape of the claims of a validly signed token. Another program with the same key may have issued it, and tenant
/// isolation relies on the claims.
/// </summary>
internal static class TokenClaims
{
    // RFC 7515, 4.1.11: a token with an extension that is not understood is invalid; this system understands none.
    private const string Critical = "crit";

    /// <summary>Why the token is refused; null if it is accepted.</summary>
    public static SecurityTokenValidationException? Refusal(JsonWebToken token, ClaimsIdentity identity)
    {
        if (token.TryGetHeaderValue<object>(Critical, out _))
            return new SecurityTokenValidationException("The token has critical extensions.");
        var (user, role) = (Values(identity, CurrentUser.IdClaim), Values(identity, CurrentUser.RoleClaim));
        if (user is not [var id] || !IsPositive(id))
            return new SecurityTokenValidationException("The claim sub is no id of a user.");
        if (role is not [var name] || !Roles.All.Contains(name))
            return new SecurityTokenValidationException("The claim role is no known role.");
        return Values(identity, Tenant.Claim) switch
        {
            [] when name == Roles.SuperAdmin => null,
            [var slug] when name != Roles.SuperAdmin && Tenant.IsCanonical(slug) => null,
            _ => new SecurityTokenValidationException("The claim tenant is not one tenant."),
        };
    }

    // Canonical: "+5", " 5" and "05" would be other spellings of one user.
    private static bool IsPositive(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0
        && id.ToString(CultureInfo.InvariantCulture) == text;

    private static string[] Values(ClaimsIdentity identity, string type) =>
        [.. identity.FindAll(type).Select(claim => claim.Value)];
}
