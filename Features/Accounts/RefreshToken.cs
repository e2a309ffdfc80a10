using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace ECommerce.Features.Accounts;

/// <summary>
/// An opaque token for one refresh. Only its hash is stored; the tokens that descend from one login form a family.
/// </summary>
internal static class RefreshToken
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private const string Insert = """
        DELETE FROM refresh_tokens WHERE expires_at <= @now LIMIT 100;
        INSERT INTO refresh_tokens (token_hash, family, user_id, created_at, expires_at)
        VALUES (@hash, @family, @userId, @now, @expiresAt)
        """;

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    public static byte[] NewFamily() => RandomNumberGenerator.GetBytes(16);

    public static async Task<string> IssueAsync(
        WriteTransaction tx, int userId, byte[] family, DateTime now, CancellationToken ct)
    {
        var token = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        await tx.ExecuteAsync(Insert, new { hash = Hash(token), family, userId, now, expiresAt = now + Lifetime }, ct);
        return token;
    }
}
