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

    private const string RevokeAll = "UPDATE refresh_tokens SET revoked_at = @now WHERE user_id = @userId AND revoked_at IS NULL";

    /// <summary>Ends the session of the given refresh token; without one, all sessions of the caller.</summary>
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        LogOutRequest? request, Database.Database database, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var work = await database.BeginAsync(ct);
        if (request?.RefreshToken is { Length: > 0 } token)
            await work.ExecuteAsync(RevokeFamily, new { hash = RefreshToken.Hash(token), now }, ct);
        else if (Caller.Of(http) is { } caller)
            await work.ExecuteAsync(RevokeAll, new { userId = caller.Id, now }, ct);
        else
            return Problems.Unauthorized("unauthorized", "Neither a refresh token nor an access token was given.");

        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
