using System.Globalization;
using System.Security.Claims;

namespace ECommerce.Features.Accounts.Revocation;

/// <summary>
/// Which access tokens were revoked before they expired, in the memory of this node: users whose account has changed
/// within the last hour, with the version that their tokens have had since.
/// </summary>
/// <remarks>
/// Versions, and not times: <c>iat</c> has whole seconds and comes from the clock of another node. A login reads the
/// version in the transaction that issues its tokens, so a token from before a change always carries a lower one than a
/// token from after it. There is one number for each user who was changed, whatever the number of changes.
/// </remarks>
public sealed class TokenRevocations
{
    /// <summary>The claim; absent for version 0.</summary>
    public const string VersionClaim = "ver";

    // Replaced, never changed; null while it is empty, which costs a request one comparison.
    private volatile Dictionary<int, int>? _versions;

    /// <summary>Whether a token of this user and version was revoked.</summary>
    public bool IsRevoked(int userId, int version) =>
        _versions is { } versions && versions.TryGetValue(userId, out var current) && version < current;

    /// <summary>The version of a token; null if the claim is none.</summary>
    public static int? VersionOf(ClaimsIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        var claims = identity.FindAll(VersionClaim).ToArray();
        if (claims.Length == 0)
            return 0;
        return claims is [{ Value: var text }]
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;
    }

    internal void Replace(Dictionary<int, int> versions) => _versions = versions.Count == 0 ? null : versions;
}
