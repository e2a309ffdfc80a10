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
        RuleFor(credentials => credentials.Username).NotEmpty().MaximumLength(64).PlainText();
        RuleFor(credentials => credentials.Password).Password();
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

    // Shorter than the time-out of requests.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    public static async Task<Results<Ok<Session>, ProblemHttpResult>> Handle(
        Credentials credentials, Passwords passwords, LoginThrottle throttle, AccessTokens tokens, DbDataSource db,
        WriteTransactions transactions, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        // No permit and no connection is held while attempts wait and passwords are hashed.
        DatabaseGate.ReleaseAfterEachUse();
        var (username, address) = (credentials.Username, ClientAddress.From(http));
        using var deadline = new CancellationTokenSource(MaxWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        var (place, wait) = await throttle.ReserveAsync(username, address, either.Token);
        if (place is null)
            return TooMany(http, wait, "Too many failed logins; try again later.");

        await using var ending = place;
        var user = await FindAsync(db, username, ct);
        if (await passwords.TryVerifyAsync(
            username, user?.PasswordHash, credentials.Password, address, either.Token) is not { } isRight)
        {
            ct.ThrowIfCancellationRequested();
            return TooMany(http, TimeSpan.FromSeconds(1), "Too many logins at once; try again.", "too_many_logins");
        }
        if (!isRight || user is null)
        {
            await place.FailAsync();
            return Problems.Unauthorized("wrong_credentials", "Username or password is wrong.");
        }

        await using var tx = await transactions.BeginAsync(ct);
        var now = time.GetUtcNow().UtcDateTime;
        var refreshToken = await RefreshToken.IssueAsync(tx, user.Id, RefreshToken.NewFamily(), now, ct);
        await tx.CommitAsync(ct);
        await place.SucceedAsync(user.Id);

        var (accessToken, expiresAt) = tokens.Create(user.Id, user.Username, user.TenantId, user.Role);
        return TypedResults.Ok(new Session(accessToken, refreshToken, expiresAt, "Bearer"));
    }

    private static ProblemHttpResult TooMany(
        HttpContext http, TimeSpan wait, string detail, string code = "too_many_failed_logins")
    {
        http.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds))
            .ToString(CultureInfo.InvariantCulture);
        return Problems.TooManyRequests(code, detail);
    }

    private static async Task<User?> FindAsync(DbDataSource db, string username, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<User>(
            new CommandDefinition(FindUser, new { username }, cancellationToken: ct));
    }

    private sealed record User(int Id, string Username, string? TenantId, string Role, string PasswordHash);
}
