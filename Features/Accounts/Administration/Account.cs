using ECommerce.Features.Common.CommandLine;

namespace ECommerce.Features.Accounts.Administration;

/// <summary>A user as the commands that change one need it.</summary>
internal sealed record Account(int Id, string Username, string? TenantId, string Role, bool IsActive)
{
    private const string Find = """
        SELECT id, username, tenant_id, role, is_active FROM users WHERE username = @username FOR UPDATE
        """;

    /// <summary>Finds a user for a change.</summary>
    /// <exception cref="CommandRefusedException">There is none of that name.</exception>
    public static async Task<Account> FindAsync(WriteTransaction tx, string username, CancellationToken ct) =>
        await tx.SingleOrDefaultAsync<Account>(Find, new { username }, ct)
        ?? throw new CommandRefusedException($"There is no user {username}.");

    /// <summary>What programs read of the result of a change.</summary>
    public (string Name, object? Value)[] Values =>
        [("user_id", Id), ("username", Username), ("tenant", TenantId), ("role", Role)];
}
