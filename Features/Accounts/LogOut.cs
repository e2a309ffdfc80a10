using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Accounts;

public sealed record LogOutRequest(string? RefreshToken);

internal static class LogOut
{
    private const string RevokeFamily = """
        UPDATE refresh_tokens t
        JOIN refresh_tokens given ON given.family = t.family
        SET t.revoked_at = @now
        WHERE given.token_hash = @hash AND t.revoked_at IS NULL
        """;

    private const string RevokeAll = """
        UPDATE refresh_tokens SET revoked_at = @now
        WHERE user_id = @userId AND revoked_at IS NULL
        """;

    /// <summary>Ends the session of the given refresh token; without one, all sessions of the current user.</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        LogOutRequest? request, WriteTransactions transactions, TimeProvider time, HttpContext http,
        CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var tx = await transactions.BeginAsync(ct);
        if (request?.RefreshToken is { Length: > 0 } token)
            await tx.ExecuteAsync(RevokeFamily, new { hash = RefreshToken.Hash(token), now }, ct);
        else if (CurrentUser.From(http) is { } user)
            await tx.ExecuteAsync(RevokeAll, new { userId = user.Id, now }, ct);
        else
            return Problems.Unauthorized("unauthorized", "Neither a refresh token nor an access token was given.");

        await tx.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
