using System.CommandLine;
using ECommerce.Features.Accounts.Revocation;
using ECommerce.Features.Common.CommandLine;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Accounts.Administration;

internal sealed record PasswordOfUser(string Username, string Password);

internal sealed class PasswordOfUserValidator : AbstractValidator<PasswordOfUser>
{
    public PasswordOfUserValidator() => RuleFor(user => user.Password).NewPassword();
}

internal static class SetUserPassword
{
    private const string Update = "UPDATE users SET password_hash = @hash WHERE id = @Id";

    public static Command Command(CommandRunner runner)
    {
        var username = AccountCommands.Username();
        var command = new ApiCommand(
            "set-password",
            "Sets the password of a user, one line of the standard input, which ends the sessions of the user.",
            "user set-password acme.admin", "user set-password acme.admin < password.txt")
        {
            username,
        };
        command.SetAction((parse, ct) => runner.RunAsync(parse, async host =>
        {
            var user = new PasswordOfUser(parse.GetRequiredValue(username), host.ReadPassword());
            CommandRefusedException.ThrowIfInvalid(new PasswordOfUserValidator(), user);
            var services = await host.StartAsync(ct);
            return await HandleAsync(
                user, services.GetRequiredService<Passwords>(), services.GetRequiredService<WriteTransactions>(),
                services.GetRequiredService<TimeProvider>(), ct);
        }));
        return command;
    }

    private static async Task<CommandResult> HandleAsync(
        PasswordOfUser user, Passwords passwords, WriteTransactions transactions, TimeProvider time,
        CancellationToken ct)
    {
        var (now, hash) = (time.GetUtcNow().UtcDateTime, passwords.Hash(user.Username, user.Password));
        await using var tx = await transactions.BeginAsync(ct);
        var account = await Account.FindAsync(tx, user.Username, ct);
        await tx.ExecuteAsync(Update, new { hash, account.Id }, ct);
        await tx.RevokeSessionsAsync(account.Id, now, ct);
        await tx.AuditAsync(Actor.CommandLine, "user set-password", account.TenantId, account.Id, null, now, ct);
        await tx.CommitAsync(ct);
        return new CommandResult(
            $"The password of user {account.Username} is set. {UserSessions.Ended}", account.Values);
    }
}
