using System.Data.Common;
using Dapper;
using ECommerce.Features.Accounts.Administration;
using ECommerce.Features.Accounts.Revocation;
using FluentValidation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Accounts;

public sealed record PasswordChange(string CurrentPassword, string NewPassword);

internal sealed class PasswordChangeValidator : AbstractValidator<PasswordChange>
{
    public PasswordChangeValidator()
    {
        RuleFor(change => change.CurrentPassword).Password();
        RuleFor(change => change.NewPassword).NewPassword()
            .NotEqual(change => change.CurrentPassword).WithMessage("must differ from the current password.");
    }
}

/// <summary>
/// Changes the password of the current user and ends all sessions of the user; the response is a new one. Guesses of
/// the current password count as failed logins: with a stolen access token they would be free.
/// </summary>
internal static class ChangePassword
{
    private const string FindUser = """
        SELECT id, username, tenant_id, role, password_hash
        FROM users
        WHERE id = @Id AND is_active = 1
        """;

    private const string Update = """
        UPDATE users SET password_hash = @newHash
        WHERE id = @Id AND is_active = 1 AND role = @Role AND password_hash = @PasswordHash
        """;

    private const string ReadVersion = "SELECT token_version FROM users WHERE id = @Id";

    public static async Task<Results<Ok<Session>, ProblemHttpResult>> Handle(
        PasswordChange change, CurrentUser current, Passwords passwords, LoginThrottle throttle, AccessTokens tokens,
        TokenRevocationPoller revocations, DbDataSource db, WriteTransactions transactions, TimeProvider time,
        HttpContext http, CancellationToken ct)
    {
        // No permit and no connection is held while attempts wait and passwords are hashed.
        DatabaseGate.ReleaseAfterEachUse();
        if (await FindAsync(db, current, ct) is not { } user)
            return Disabled();
        var address = ClientAddress.From(http);
        using var deadline = new CancellationTokenSource(LogIn.MaxWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        var (place, wait) = await throttle.ReserveAsync(user.Username, address, either.Token);
        if (place is null)
            return LogIn.TooManyFailures(http, wait);

        await using var ending = place;
        var isRight = await passwords.TryVerifyAsync(
            user.Username, user.PasswordHash, change.CurrentPassword, address, either.Token);
        if (isRight is false)
        {
            await place.FailAsync();
            return WrongPassword();
        }
        var newHash = isRight is null
            ? null
            : await passwords.TryHashAsync(user.Username, change.NewPassword, address, either.Token);
        if (newHash is null)
        {
            ct.ThrowIfCancellationRequested();
            return LogIn.TooManyAtOnce(http);
        }

        await using var tx = await transactions.BeginAsync(ct);
        var now = time.GetUtcNow().UtcDateTime;
        // The account was changed while the passwords were hashed.
        if (await tx.ExecuteAsync(Update, new { newHash, user.Id, user.Role, user.PasswordHash }, ct) == 0)
            return Disabled();
        await tx.RevokeSessionsAsync(user.Id, now, ct);
        var version = await tx.ScalarAsync<int>(ReadVersion, new { user.Id }, ct);
        var refreshToken = await RefreshToken.IssueAsync(tx, user.Id, RefreshToken.NewFamily(), now, ct);
        await tx.AuditAsync(Actor.From(current), "password change", user.TenantId, user.Id, null, now, ct);
        await tx.CommitAsync(ct);

        await place.SucceedAsync(user.Id);
        await revocations.TryLoadAsync();
        var (accessToken, expiresAt) = tokens.Create(user.Id, user.Username, user.TenantId, user.Role, version);
        return TypedResults.Ok(new Session(accessToken, refreshToken, expiresAt, "Bearer"));
    }

    private static ProblemHttpResult WrongPassword() =>
        Problems.Invalid("current_password", "is not the current password.");

    private static ProblemHttpResult Disabled() =>
        Problems.Unauthorized("unauthorized", "The account was disabled or changed; log in again.");

    private static async Task<User?> FindAsync(DbDataSource db, CurrentUser current, CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        return await connection.QuerySingleOrDefaultAsync<User>(
            new CommandDefinition(FindUser, new { current.Id }, cancellationToken: ct));
    }

    private sealed record User(int Id, string Username, string? TenantId, string Role, string PasswordHash);
}
