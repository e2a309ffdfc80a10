using System.CommandLine;
using ECommerce.Features.Accounts.Revocation;
using ECommerce.Features.Common.CommandLine;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Accounts.Administration;

internal static class SetUserRole
{
    private const string Update = "UPDATE users SET role = @role WHERE id = @Id";

    public static Command Command(CommandRunner runner)
    {
        var (username, role) = (AccountCommands.Username(), AccountCommands.Role());
        var command = new ApiCommand(
            "set-role", "Changes the role of a user, which ends the sessions of the user.",
            "user set-role acme.ordini --role USER")
        {
            username, role,
        };
        command.SetAction((parse, ct) => runner.RunAsync(parse, async host =>
        {
            var services = await host.StartAsync(ct);
            return await HandleAsync(
                parse.GetRequiredValue(username), parse.GetRequiredValue(role),
                services.GetRequiredService<WriteTransactions>(), services.GetRequiredService<TimeProvider>(), ct);
        }));
        return command;
    }

    private static async Task<CommandResult> HandleAsync(
        string username, string role, WriteTransactions transactions, TimeProvider time, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var tx = await transactions.BeginAsync(ct);
        var account = await Account.FindAsync(tx, username, ct);
        if (account.Role == role)
            return new CommandResult($"User {account.Username} is {role} already.", account.Values);
        if (role == Roles.SuperAdmin && account.TenantId is not null)
            throw new CommandRefusedException($"User {account.Username} has a tenant; a SUPERADMIN has none: add one.");
        if (account.Role == Roles.SuperAdmin)
            throw new CommandRefusedException($"User {account.Username} has no tenant, which {role} needs: add one.");

        await tx.ExecuteAsync(Update, new { role, account.Id }, ct);
        await tx.RevokeSessionsAsync(account.Id, now, ct);
        var change = $"{account.Role} -> {role}";
        await tx.AuditAsync(Actor.CommandLine, "user set-role", account.TenantId, account.Id, change, now, ct);
        await tx.CommitAsync(ct);
        return new CommandResult(
            $"User {account.Username} is {role} now. {UserSessions.Ended}", (account with { Role = role }).Values);
    }
}
