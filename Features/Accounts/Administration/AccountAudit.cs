namespace ECommerce.Features.Accounts.Administration;

/// <summary>
/// The table <c>account_audit</c>: who changed which account and when, in the transaction of the change.
/// </summary>
internal static class AccountAudit
{
    private const string Insert = """
        INSERT INTO account_audit (changed_at, by_user_id, by_os_user, action, tenant_id, user_id, detail)
        VALUES (@now, @UserId, @OsUser, @action, @tenant, @subject, @detail)
        """;

    public static Task AuditAsync(
        this WriteTransaction tx, Actor actor, string action, string? tenant, int? subject, string? detail,
        DateTime now, CancellationToken ct) =>
        tx.ExecuteAsync(Insert, new { now, actor.UserId, actor.OsUser, action, tenant, subject, detail }, ct);
}

/// <summary>Who makes a change: a user, or on the command line a user of the operating system.</summary>
internal sealed record Actor
{
    private const int MaxLength = 64;

    private Actor()
    {
    }

    public int? UserId { get; private init; }

    public string? OsUser { get; private init; }

    public static Actor CommandLine { get; } = new()
    {
        OsUser = Environment.UserName is { Length: > MaxLength } name ? name[..MaxLength] : Environment.UserName,
    };

    public static Actor From(CurrentUser user) => new() { UserId = user.Id };
}
