namespace ECommerce.Features.Accounts.Revocation;

/// <summary>Ends the sessions of a user whose account changes, in the transaction of the change.</summary>
internal static class UserSessions
{
    /// <summary>What the result of a command reports of it.</summary>
    public const string Ended = "Sessions have ended; access tokens do within a minute.";

    // The time is the server's, as in the queries of TokenRevocationPoller.
    private const string Revoke = """
        UPDATE users SET token_version = token_version + 1, tokens_revoked_at = UTC_TIMESTAMP(6) WHERE id = @userId;
        UPDATE refresh_tokens SET revoked_at = @now WHERE user_id = @userId AND revoked_at IS NULL
        """;

    /// <summary>
    /// Revokes all refresh tokens, and the access tokens that were issued before. The row of the user is locked
    /// first: a login that has read it before is committed, and its refresh token is revoked too.
    /// </summary>
    public static Task RevokeSessionsAsync(this WriteTransaction tx, int userId, DateTime now, CancellationToken ct) =>
        tx.ExecuteAsync(Revoke, new { userId, now }, ct);
}
