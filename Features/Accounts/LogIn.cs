using System.Data.Common;
using System.Globalization;
using Dapper;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Accounts;

public sealed record Credentials(string Username, string Password);

internal sealed class CredentialsValidator : AbstractValidator<Credentials>
{
    public CredentialsValidator()
    {
        RuleFor(credentials => credentials.Username).NotEmpty().MaximumLength(64);
        RuleFor(credentials => credentials.Password).NotEmpty().MaximumLength(256);
    }
}

internal sealed record Session(string AccessToken, string RefreshToken, DateTime ExpiresAt, string TokenType);

internal static class LogIn
{
    private const string FindUser = """
        SELECT id, username, tenant_id, role, password_hash
        FROM users
        WHERE username = @username AND is_active = 1
        """;

    public static async Task<Results<Ok<Session>, ProblemHttpResult>> Handle(
        Credentials credentials, Passwords passwords, LoginThrottle throttle, AccessTokens tokens, DbDataSource db,
        WriteTransactions transactions, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        if (await throttle.CountAsync(credentials.Username, ct) is { } wait)
        {
            http.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds))
                .ToString(CultureInfo.InvariantCulture);
            return Problems.TooManyRequests(
                "too_many_failed_logins", "Too many failed logins for this user; try again later.");
        }

        // No connection is held while the password is hashed: a flood of logins would exhaust the pool.
        var user = await FindAsync(db, credentials.Username, ct);
        if (!passwords.Verify(credentials.Username, user?.PasswordHash, credentials.Password) || user is null)
            return Problems.Unauthorized("wrong_credentials", "Username or password is wrong.");

        await using var tx = await transactions.BeginAsync(ct);
        var now = time.GetUtcNow().UtcDateTime;
        var refreshToken = await RefreshToken.IssueAsync(tx, user.Id, RefreshToken.NewFamily(), now, ct);
        await tx.CommitAsync(ct);
        await throttle.ClearAsync(credentials.Username, ct);

        var (accessToken, expiresAt) = tokens.Create(user.Id, user.Username, user.TenantId, user.Role);
        return TypedResults.Ok(new Session(accessToken, refreshToken, expiresAt, "Bearer"));
    }

    private static async Task<User?> FindAsync(DbDataSource db, string username, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<User>(
            new CommandDefinition(FindUser, new { username }, cancellationToken: ct));
    }

    private sealed record User(int Id, string Username, string? TenantId, string Role, string PasswordHash);
}
