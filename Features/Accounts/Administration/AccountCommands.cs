using System.CommandLine;
using ECommerce.Features.Common.CommandLine;

namespace ECommerce.Features.Accounts.Administration;

/// <summary>The commands for tenants and users: a Production installation starts without any.</summary>
internal static class AccountCommands
{
    public static IEnumerable<Command> Create(CommandRunner runner) =>
    [
        new("tenant", "Merchants.") { AddTenant.Command(runner) },
        new("user", "Users of merchants, and the SUPERADMIN.")
        {
            AddUser.Command(runner), SetUserRole.Command(runner), SetUserPassword.Command(runner),
            DisableUser.Command(runner),
        },
    ];

    public static Argument<string> Username() => new("username") { Description = "The name for the login." };

    public static Option<string> Role()
    {
        var role = new Option<string>("--role")
        {
            Description = "What the user may do; SUPERADMIN has no tenant.",
            Required = true,
        };
        return role.AcceptOnlyFromAmong([.. Roles.All]);
    }
}
