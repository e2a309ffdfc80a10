using System.Collections.Frozen;

namespace ECommerce.Features.Common.Settings;

/// <summary>The catalogue: every setting that a tenant can change. A feature that needs one adds a line.</summary>
internal static class KnownSettings
{
    private const int MaxDays = 3650;

    /// <summary>The value of <see cref="ZeroRateNature"/> where nothing is decided.</summary>
    public const string NoNature = "none";

    private static readonly string[] Natures =
    [
        "N1", "N2.1", "N2.2", "N3.1", "N3.2", "N3.3", "N3.4", "N3.5", "N3.6", "N4", "N5", "N6.1", "N6.2", "N6.3",
        "N6.4", "N6.5", "N6.6", "N6.7", "N6.8", "N6.9", "N7",
    ];

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

    public static readonly TextSetting CompanyTaxCode = new(
        "company.tax_code", null, 16,
        "The seller's tax code (CodiceFiscale) on electronic invoices; a person's has 16 characters.");

    public static readonly TextSetting CompanyAddress = new(
        "company.address", null, 60, "The seller's street and number on electronic invoices.");

    public static readonly TextSetting CompanyPostcode = new(
        "company.postcode", null, 5, "The seller's postcode on electronic invoices.");

    public static readonly TextSetting CompanyCity = new(
        "company.city", null, 60, "The seller's town on electronic invoices.");

    public static readonly TextSetting CompanyProvince = new(
        "company.province", null, 2, "The seller's province on electronic invoices: TO.");

    public static readonly TextSetting CompanyPhone = new(
        "company.phone", null, 12, "The seller's telephone number on electronic invoices.");

    public static readonly TextSetting CompanyEmail = new(
        "company.email", null, 255, "The seller's e-mail address on electronic invoices.");

    public static readonly TextSetting CompanyIban = new(
        "company.iban", null, 34, "The account on invoices that are paid by bank transfer.");

    public static readonly TextSetting Transmitter = new(
        "invoices.transmitter_tax_code", null, 28,
        "The tax code of the one that sends the files to the SDI; not set: the seller's tax code or VAT number.");

    public static readonly ChoiceSetting ZeroRateNature = new(
        "invoices.zero_rate_nature", NoNature, [NoNature, .. Natures],
        "Why lines without VAT have none (Natura), where the buyer's country does not decide it; none: such orders are "
        + "not invoiced.");

    public static readonly FlagSetting OneStopShop = new(
        "invoices.oss_enabled", false, "Whether consumers of other EU states pay the VAT of their state (OSS).");

    public static readonly ChoiceSetting OneStopShopNature = new(
        "invoices.oss_nature", "N3.2", ["N3.2", "N7"], "The Natura of sales under OSS.");

    public static readonly FlagSetting StampDutyCharged = new(
        "invoices.stamp_duty_charged", false, "Whether the buyer pays the stamp duty, in a line of its own.");

    public static readonly ChoiceSetting StampDutyNature = new(
        "invoices.stamp_duty_nature", "N1", ["N1", "N2.2", "N4"],
        "The Natura of the line with the stamp duty; sellers of the flat-rate regime always have N2.2.");

    public static readonly FormSetting FirstInvoiceNumber = new(
        "invoices.first_number", 11, @"^20[0-9]{2}:[1-9][0-9]{0,5}\z", "a year and a number: 2026:151",
        "The number of the first invoice that is made here in a year, where another program has made earlier ones of "
        + "that year: 2026:151. It counts until the first invoice of the year is made.");

    public static readonly FormSetting FirstFileProgressive = new(
        "invoices.first_progressive", 5, @"^(?!0+\z)[0-9A-Z]{1,5}\z",
        "one to five digits and capital letters, not only zeros",
        "The progressive of the first file that is sent from here, to the base 36, where another program has used "
        + "earlier ones: 00ABC. It counts until the first file of the transmitter is made.");

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
        CompanyAddress, CompanyCity, CompanyEmail, CompanyIban, CompanyName, CompanyPhone, CompanyPostcode,
        CompanyProvince, CompanyTaxCode, CompanyTaxRegime, CompanyVatNumber, FatturaPaApiKey,
        FirstFileProgressive, FirstInvoiceNumber, OneStopShop, OneStopShopNature, SendInvoices, StampDutyCharged,
        StampDutyNature, StampDutyThreshold, Transmitter, ZeroRateNature,
        ProcessState, AccountAuditDays, CacheAuditDays, ChangeAuditDays, SyncRunDays,
    ];

    private static readonly FrozenDictionary<string, Setting> ByName =
        All.ToFrozenDictionary(setting => setting.Name, StringComparer.Ordinal);

    /// <summary>A setting by its name; null: there is none.</summary>
    public static Setting? Find(string name) => ByName.GetValueOrDefault(name);

    private static WholeNumberSetting Days(string name, int fallback, int minimum, string what) =>
        new(name, fallback, minimum, MaxDays, $"For how many days {what} are kept.");
}
