namespace ECommerce.Features.Common.Audit;

/// <summary>
/// The table <c>change_audit</c>: who changed which row and when, in the transaction of the change and never with a
/// value.
/// </summary>
internal static class ChangeAudit
{
    private const string Insert = """
        INSERT INTO change_audit (tenant_id, changed_at, user_id, action, entity, entity_key, detail)
        VALUES (@Tenant, @now, @userId, @action, @entity, @key, LEFT(@detail, 256))
        """;

    public const string Create = "create";
    public const string Update = "update";
    public const string Delete = "delete";
    public const string Erase = "erase";

    /// <param name="tx">The transaction of the change, of one tenant.</param>
    /// <param name="user">Who makes the change.</param>
    /// <param name="action">What is done.</param>
    /// <param name="entity">The table.</param>
    /// <param name="key">The row.</param>
    /// <param name="now">The time of the change, in UTC.</param>
    /// <param name="ct">Ends the call.</param>
    /// <param name="detail">What else is to be known; without personal data and secrets.</param>
    public static Task AuditAsync(
        this WriteTransaction tx, CurrentUser user, string action, string entity, string key, DateTime now,
        CancellationToken ct, string? detail = null) =>
        tx.ExecuteAsync(
            Insert, new { tx.Db.Tenant, now, userId = user.Id, action, entity, key, detail }, ct);
}
