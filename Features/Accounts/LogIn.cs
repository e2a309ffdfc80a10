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
        SELECT id, username, password_hash
        FROM users
        WHERE username = @username AND is_active = 1
        """;

    // Locked until the refresh token is committed: a change of the account either comes first and is seen here, or
    // revokes that token. The syntax that MySQL and MariaDB share.
    private const string StillValid = """
        SELECT tenant_id, role, token_version
        FROM users
        WHERE id = @Id AND is_active = 1 AND password_hash = @PasswordHash
        LOCK IN SHARE MODE
        """;

    // Shorter than the time-out of requests.
    internal static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

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
            return TooManyFailures(http, wait);

        await using var ending = place;
        var user = await FindAsync(db, username, ct);
        if (await passwords.TryVerifyAsync(
            username, user?.PasswordHash, credentials.Password, address, either.Token) is not { } isRight)
        {
            ct.ThrowIfCancellationRequested();
            return TooManyAtOnce(http);
        }
        if (!isRight || user is null)
        {
            await place.FailAsync();
            return WrongCredentials();
        }

        await using var tx = await transactions.BeginAsync(ct);
        // The password was changed, or the user disabled, while it was verified: no guess.
        if (await tx.SingleOrDefaultAsync<Account>(StillValid, user, ct) is not { } account)
            return WrongCredentials();
        var now = time.GetUtcNow().UtcDateTime;
        var refreshToken = await RefreshToken.IssueAsync(tx, user.Id, RefreshToken.NewFamily(), now, ct);
        await tx.CommitAsync(ct);
        await place.SucceedAsync(user.Id);

        var (accessToken, expiresAt) = tokens.Create(
            user.Id, user.Username, account.TenantId, account.Role, account.TokenVersion);
        return TypedResults.Ok(new Session(accessToken, refreshToken, expiresAt, "Bearer"));
    }

    private static ProblemHttpResult WrongCredentials() =>
        Problems.Unauthorized("wrong_credentials", "Username or password is wrong.");

    internal static ProblemHttpResult TooManyFailures(HttpContext http, TimeSpan wait) =>
        TooMany(http, wait, "too_many_failed_logins", "Too many failed logins; try again later.");

    internal static ProblemHttpResult TooManyAtOnce(HttpContext http) =>
        TooMany(http, TimeSpan.FromSeconds(1), "too_many_logins", "Too many logins at once; try again.");

    private static ProblemHttpResult TooMany(HttpContext http, TimeSpan wait, string code, string detail)
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

    private sealed record User(int Id, string Username, string PasswordHash);

    private sealed record Account(string? TenantId, string Role, int TokenVersion);
}
