using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Accounts;

public sealed record RefreshRequest(string RefreshToken);

internal sealed class RefreshRequestValidator : AbstractValidator<RefreshRequest>
{
    public RefreshRequestValidator() => RuleFor(request => request.RefreshToken).NotEmpty().MaximumLength(128);
}

internal static class RefreshSession
{
    // FOR UPDATE: of two concurrent requests with one token, the second reads it as used.
    private const string Find = """
        SELECT t.family, t.used_at, t.revoked_at, t.expires_at, u.id, u.username, u.tenant_id, u.role, u.is_active,
            u.token_version
        FROM refresh_tokens t
        JOIN users u ON u.id = t.user_id
        WHERE t.token_hash = @hash
        FOR UPDATE
        """;

    private const string Use = "UPDATE refresh_tokens SET used_at = @now WHERE token_hash = @hash";

    private const string RevokeFamily = """
        UPDATE refresh_tokens SET revoked_at = @now
        WHERE family = @Family AND revoked_at IS NULL
        """;

    public static async Task<Results<Ok<Session>, ProblemHttpResult>> Handle(
        RefreshRequest request, AccessTokens tokens, WriteTransactions transactions, TimeProvider time,
        CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var hash = RefreshToken.Hash(request.RefreshToken);
        await using var tx = await transactions.BeginAsync(ct);
        var token = await tx.SingleOrDefaultAsync<Issued>(Find, new { hash }, ct);

        // Replay: either this request or the earlier use of the token is a theft, so the whole family is revoked.
        if (token is { UsedAt: not null, RevokedAt: null })
        {
            await tx.ExecuteAsync(RevokeFamily, new { token.Family, now }, ct);
            await tx.CommitAsync(ct);
        }
        if (token is not { UsedAt: null, RevokedAt: null, IsActive: true } || token.ExpiresAt <= now)
        {
            return Problems.Unauthorized(
                "invalid_refresh_token", "The refresh token is unknown, used, revoked or expired.");
        }

        await tx.ExecuteAsync(Use, new { hash, now }, ct);
        var refreshToken = await RefreshToken.IssueAsync(tx, token.Id, token.Family, now, ct);
        await tx.CommitAsync(ct);

        var (accessToken, expiresAt) = tokens.Create(
            token.Id, token.Username, token.TenantId, token.Role, token.TokenVersion);
        return TypedResults.Ok(new Session(accessToken, refreshToken, expiresAt, "Bearer"));
    }

    private sealed record Issued(
        byte[] Family, DateTime? UsedAt, DateTime? RevokedAt, DateTime ExpiresAt, int Id, string Username,
        string? TenantId, string Role, bool IsActive, int TokenVersion);
}
