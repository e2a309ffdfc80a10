using System.Globalization;
using System.Security.Claims;

namespace ECommerce.Features.Accounts.Revocation;

/// <inheritdoc/>
internal sealed class TokenStatus(TokenRevocations revocations, TimeProvider time) : ITokenStatus
{
    private const string Expiry = "exp";

    public bool HasEnded(ClaimsPrincipal user)
    {
        if (user.Identity is not ClaimsIdentity { IsAuthenticated: true } identity
            || Number(user, Expiry) is not { } expiry || Number(user, CurrentUser.IdClaim) is not { } id
            || TokenRevocations.VersionOf(identity) is not { } version)
        {
            return true;
        }
        return time.GetUtcNow().ToUnixTimeSeconds() >= expiry || revocations.IsRevoked((int)id, version);
    }

    private static long? Number(ClaimsPrincipal user, string claim) =>
        long.TryParse(
            user.FindFirst(claim)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
