using ECommerce.Features.Common.Settings;
using ECommerce.Features.Invoices.Requests;
using Microsoft.EntityFrameworkCore;

namespace ECommerce.Features.Invoices.Issuing;

/// <summary>The settings of a tenant as invoices are made with them.</summary>
internal static class InvoiceSettingsReader
{
    private static readonly Setting<string?>[] Needed =
    [
        KnownSettings.CompanyName, KnownSettings.CompanyVatNumber, KnownSettings.CompanyAddress,
        KnownSettings.CompanyPostcode, KnownSettings.CompanyCity,
    ];

    /// <summary>Read with one statement, inside the transaction of the invoice.</summary>
    /// <param name="ct">Cancels the read.</param>
    /// <param name="db">Of the transaction.</param>
    /// <returns>The settings, and the names of those that are needed and not set.</returns>
    public static async Task<(InvoiceSettings Settings, IReadOnlyList<string> Missing)> ReadAsync(
        ECommerceDbContext db, CancellationToken ct)
    {
        var rows = await db.Settings.Where(row => row.Value != null).Select(row => new { row.Name, row.Value })
            .ToDictionaryAsync(row => row.Name, row => row.Value, ct);
        var missing = Needed.Where(setting => string.IsNullOrWhiteSpace(Value(setting)))
            .Select(static setting => setting.Name).ToArray();
        var nature = Value(KnownSettings.ZeroRateNature);
        return (new InvoiceSettings(Seller(Value, Value(KnownSettings.CompanyTaxRegime)))
        {
            TransmitterTaxCode = Value(KnownSettings.Transmitter),
            ZeroRateNature = nature == KnownSettings.NoNature ? null : nature,
            StampDuty = new StampDutySettings
            {
                Threshold = Value(KnownSettings.StampDutyThreshold),
                ChargeBuyer = Value(KnownSettings.StampDutyCharged),
                ChargeNature = Value(KnownSettings.StampDutyNature),
            },
            OneStopShop = new OneStopShopSettings
            {
                Enabled = Value(KnownSettings.OneStopShop),
                Nature = Value(KnownSettings.OneStopShopNature),
            },
        }, missing);

        T Value<T>(Setting<T> setting) => setting.ValueOf(rows.GetValueOrDefault(setting.Name));
    }

    private static InvoiceSeller Seller(Func<Setting<string?>, string?> value, string regime) => new(
        value(KnownSettings.CompanyVatNumber) ?? "",
        new InvoiceAddress(
            value(KnownSettings.CompanyAddress) ?? "", value(KnownSettings.CompanyPostcode),
            value(KnownSettings.CompanyCity) ?? "", value(KnownSettings.CompanyProvince), "IT"))
    {
        Company = value(KnownSettings.CompanyName),
        TaxCode = value(KnownSettings.CompanyTaxCode),
        TaxRegime = regime,
        Phone = value(KnownSettings.CompanyPhone),
        Email = value(KnownSettings.CompanyEmail),
        Iban = value(KnownSettings.CompanyIban),
    };
}
