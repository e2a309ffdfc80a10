using ECommerce.Features.Common.Settings;

namespace ECommerce.Features.Retention;

/// <summary>
/// A table whose rows are deleted by their age. The condition names <c>@cutoff</c>, and rows of a tenant are found by
/// the tenant first. The names are constants of this program.
/// </summary>
/// <param name="Name">The table.</param>
/// <param name="Condition">Which rows are older than the cutoff.</param>
internal sealed record RetainedTable(string Name, string Condition)
{
    /// <summary>The setting of the tenant that rules; null: <see cref="Age"/> does, for the rows of all.</summary>
    public WholeNumberSetting? Days { get; private init; }

    /// <summary>How old rows become where no setting rules.</summary>
    public TimeSpan Age { get; private init; }

    /// <summary>Whether rows may belong to no tenant; they live as long as the setting's default.</summary>
    public bool HasRowsOfNoTenant { get; private init; }

    public static IReadOnlyList<RetainedTable> All { get; } =
    [
        // A run whose process was killed has no end; none lasts for a week.
        new("sync_runs", "started_at < @cutoff AND (finished_at IS NOT NULL OR started_at < @cutoff - INTERVAL 7 DAY)")
        {
            Days = KnownSettings.SyncRunDays,
        },
        new("change_audit", "changed_at < @cutoff") { Days = KnownSettings.ChangeAuditDays },
        new("account_audit", "changed_at < @cutoff")
        {
            Days = KnownSettings.AccountAuditDays,
            HasRowsOfNoTenant = true,
        },
        new("cache_audit", "begun_at < @cutoff") { Days = KnownSettings.CacheAuditDays, HasRowsOfNoTenant = true },
        // Those below are cleaned as they are used too; what is not used any more would stay for ever.
        new("idempotency_keys", "expires_at < @cutoff"),
        new("refresh_tokens", "expires_at < @cutoff"),
        new("login_attempts", "changed_at < @cutoff") { Age = TimeSpan.FromDays(1) },
        new("login_addresses", "last_at < @cutoff") { Age = TimeSpan.FromDays(365) },
        // One an order, and one a download. Not those of synchronisations: runs are compared with the fence, which must
        // go on growing.
        new(
            "locks",
            "expires_at < @cutoff AND (name LIKE 'lock:order:%' OR name LIKE 'lock:fatturapa:download:%')")
        {
            Age = TimeSpan.FromDays(30),
        },
    ];
}
