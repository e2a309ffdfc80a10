using System.CommandLine;
using ECommerce.Features.Common.CommandLine;
using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace ECommerce.Features.Accounts.Administration;

internal sealed record NewUser(string Username, string? Tenant, string Role, string Password);

internal sealed class NewUserValidator : AbstractValidator<NewUser>
{
    public NewUserValidator()
    {
        RuleFor(user => user.Username).NotEmpty().MaximumLength(64).PlainText();
        RuleFor(user => user.Tenant).Null().When(user => user.Role == Roles.SuperAdmin)
            .WithMessage("must not be given for the role SUPERADMIN.");
        RuleFor(user => user.Tenant).NotNull().When(user => user.Role != Roles.SuperAdmin)
            .WithMessage("is needed by every role but SUPERADMIN: --tenant <slug>.");
        RuleFor(user => user.Password).NewPassword();
    }
}

internal static class AddUser
{
    private const string TenantExists = "SELECT COUNT(*) FROM tenants WHERE slug = @Tenant";

    private const string Insert = """
        INSERT INTO users (tenant_id, username, password_hash, role, created_at)
        VALUES (@Tenant, @Username, @hash, @Role, @now)
        """;

    public static Command Command(CommandRunner runner)
    {
        var (username, role) = (AccountCommands.Username(), AccountCommands.Role());
        var tenant = new Option<string?>("--tenant") { Description = "The merchant of the user." };
        var command = new ApiCommand(
            "add", "Adds a user. The password is one line of the standard input.",
            "user add acme.admin --tenant acme --role ADMIN < password.txt", "user add root --role SUPERADMIN")
        {
            username, tenant, role,
        };
        command.SetAction((parse, ct) => runner.RunAsync(parse, async host =>
        {
            var user = new NewUser(
                parse.GetRequiredValue(username), parse.GetValue(tenant), parse.GetRequiredValue(role),
                host.ReadPassword());
            CommandRefusedException.ThrowIfInvalid(new NewUserValidator(), user);
            var services = await host.StartAsync(ct);
            return await HandleAsync(
                user, services.GetRequiredService<Passwords>(), services.GetRequiredService<WriteTransactions>(),
                services.GetRequiredService<TimeProvider>(), ct);
        }));
        return command;
    }

    private static async Task<CommandResult> HandleAsync(
        NewUser user, Passwords passwords, WriteTransactions transactions, TimeProvider time, CancellationToken ct)
    {
        var (now, hash) = (time.GetUtcNow().UtcDateTime, passwords.Hash(user.Username, user.Password));
        await using var tx = await transactions.BeginAsync(ct);
        if (user.Tenant is not null && await tx.ScalarAsync<long>(TenantExists, new { user.Tenant }, ct) == 0)
        {
            throw new CommandRefusedException(
                $"There is no tenant {user.Tenant}; add it first: tenant add {user.Tenant} --name <name>.");
        }
        long id;
        try
        {
            id = await tx.InsertAsync(Insert, new { user.Tenant, user.Username, hash, user.Role, now }, ct);
        }
        catch (Exception exception) when (DatabaseErrors.IsDuplicate(exception))
        {
            throw new CommandRefusedException($"There is a user {user.Username} already.");
        }
        await tx.AuditAsync(Actor.CommandLine, "user add", user.Tenant, (int)id, user.Role, now, ct);
        await tx.CommitAsync(ct);
        return new CommandResult(
            $"User {user.Username} is added as {user.Role} of {user.Tenant ?? "no tenant"}.",
            ("user_id", id), ("username", user.Username), ("tenant", user.Tenant), ("role", user.Role));
    }
}
