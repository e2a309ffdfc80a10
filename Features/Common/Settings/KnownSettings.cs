using System.Collections.Frozen;

namespace ECommerce.Features.Common.Settings;

/// <summary>The catalogue: every setting that a tenant can change. A feature that needs one adds a line.</summary>
internal static class KnownSettings
{
    private const int MaxDays = 3650;

    public static readonly OrderStateSetting ProcessState = new(
        "orders.process_state_id",
        "The order state that POST /orders/{id}/process leads to; where it is missing, or of other states than the "
        + "order's (the tenant's own, or those of a shop), the first one with delivery and not shipped.");

    public static readonly TextSetting CompanyName = new(
        "company.name", null, 80, "The seller's name on electronic invoices.");

    public static readonly TextSetting CompanyVatNumber = new(
        "company.vat_number", null, 28,
        "The seller's VAT number on electronic invoices, with the country: IT01234567890.");

    public static readonly ChoiceSetting CompanyTaxRegime = new(
        "company.tax_regime", "RF01",
        [
            "RF01", "RF02", "RF04", "RF05", "RF06", "RF07", "RF08", "RF09", "RF10", "RF11", "RF12", "RF13", "RF14",
            "RF15", "RF16", "RF17", "RF18", "RF19", "RF20",
        ],
        "The seller's tax regime (RegimeFiscale) on electronic invoices.");

    public static readonly SecretSetting FatturaPaApiKey = new(
        "fatturapa.api_key", 255, "The key of the tenant's account at the FatturaPA intermediary.");

    public static readonly DecimalSetting StampDutyThreshold = new(
        "invoices.stamp_duty_threshold", 77.47m, 0, 1_000_000, 2,
        "Above this sum without VAT an invoice bears stamp duty (bollo), in euro.");

    public static readonly FlagSetting SendInvoices = new(
        "invoices.send_automatically", false, "Whether an invoice is sent to the SDI as soon as it is made.");

    public static readonly WholeNumberSetting SyncRunDays = Days(
        "retention.sync_runs_days", 30, 1, "synchronisation runs with their errors and warnings");

    public static readonly WholeNumberSetting ChangeAuditDays = Days(
        "retention.change_audit_days", 730, 30, "the audit of changes to settings, lookups and personal data");

    public static readonly WholeNumberSetting AccountAuditDays = Days(
        "retention.account_audit_days", 730, 30, "the audit of changes to accounts");

    public static readonly WholeNumberSetting CacheAuditDays = Days(
        "retention.cache_audit_days", 90, 1, "the audit of changes to the caches");

    public static IReadOnlyList<Setting> All { get; } =
    [
        CompanyName, CompanyTaxRegime, CompanyVatNumber, FatturaPaApiKey, SendInvoices, StampDutyThreshold,
        ProcessState, AccountAuditDays, CacheAuditDays, ChangeAuditDays, SyncRunDays,
    ];

    private static readonly FrozenDictionary<string, Setting> ByName =
        All.ToFrozenDictionary(setting => setting.Name, StringComparer.Ordinal);

    /// <summary>A setting by its name; null: there is none.</summary>
    public static Setting? Find(string name) => ByName.GetValueOrDefault(name);

    private static WholeNumberSetting Days(string name, int fallback, int minimum, string what) =>
        new(name, fallback, minimum, MaxDays, $"For how many days {what} are kept.");
}
