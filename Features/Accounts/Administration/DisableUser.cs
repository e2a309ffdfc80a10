using System.CommandLine;
using ECommerce.Features.Accounts.Revocation;
using ECommerce.Features.Common.CommandLine;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Accounts.Administration;

internal static class DisableUser
{
    private const string Update = "UPDATE users SET is_active = 0 WHERE id = @Id";

    public static Command Command(CommandRunner runner)
    {
        var username = AccountCommands.Username();
        var command = new ApiCommand(
            "disable", "Disables a user: no login, and the sessions of the user end.", "user disable acme.ordini")
        {
            username,
        };
        command.SetAction((parse, ct) => runner.RunAsync(parse, async host =>
        {
            var services = await host.StartAsync(ct);
            return await HandleAsync(
                parse.GetRequiredValue(username), services.GetRequiredService<WriteTransactions>(),
                services.GetRequiredService<TimeProvider>(), ct);
        }));
        return command;
    }

    private static async Task<CommandResult> HandleAsync(
        string username, WriteTransactions transactions, TimeProvider time, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var tx = await transactions.BeginAsync(ct);
        var account = await Account.FindAsync(tx, username, ct);
        if (!account.IsActive)
            return new CommandResult($"User {account.Username} is disabled already.", account.Values);

        await tx.ExecuteAsync(Update, new { account.Id }, ct);
        await tx.RevokeSessionsAsync(account.Id, now, ct);
        await tx.AuditAsync(Actor.CommandLine, "user disable", account.TenantId, account.Id, null, now, ct);
        await tx.CommitAsync(ct);
        return new CommandResult($"User {account.Username} is disabled. {UserSessions.Ended}", account.Values);
    }
}
