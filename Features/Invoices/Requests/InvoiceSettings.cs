namespace ECommerce.Features.Invoices.Requests;

/// <summary>The seller, and how its invoices are made.</summary>
internal sealed record InvoiceSettings(InvoiceSeller Seller)
{
    /// <summary>
    /// The tax code of the one that sends the files; null: the seller's, which for a person is not the VAT number.
    /// </summary>
    public string? TransmitterTaxCode { get; init; }

    public StampDutySettings StampDuty { get; init; } = new();

    public OneStopShopSettings OneStopShop { get; init; } = new();

    /// <summary>Why a line without VAT has none, where neither the line nor the buyer's country decides it.</summary>
    public string? ZeroRateNature { get; init; }

    /// <summary>How gift cards are paid with.</summary>
    public string GiftCardPaymentCode { get; init; } = "MP08";

    /// <summary>How orders are paid that do not state it.</summary>
    public string DefaultPaymentCode { get; init; } = "MP08";

    /// <summary>Codes of payment by the shop's names of methods, ahead of those that are recognised.</summary>
    public IReadOnlyDictionary<string, string> PaymentCodes { get; init; } = new Dictionary<string, string>();

    /// <summary>The unit of quantities.</summary>
    public string UnitOfMeasure { get; init; } = "PZ";

    /// <summary>Rates of VAT that an invoice may have; another one is an average or foreign.</summary>
    public IReadOnlyList<decimal> VatRates { get; init; } = ItalianRates.All;
}

/// <summary>The seller as it stands on its invoices.</summary>
/// <param name="VatNumber">With or without the country: <c>IT01234567897</c>.</param>
/// <param name="Address">Where it is.</param>
internal sealed record InvoiceSeller(string VatNumber, InvoiceAddress Address)
{
    /// <summary>Of a company; a person without one has <see cref="Firstname"/> and <see cref="Lastname"/>.</summary>
    public string? Company { get; init; }

    public string? Firstname { get; init; }

    public string? Lastname { get; init; }

    public string? TaxCode { get; init; }

    /// <summary>RegimeFiscale.</summary>
    public string TaxRegime { get; init; } = "RF01";

    public string? Phone { get; init; }

    public string? Email { get; init; }

    /// <summary>Written where payment is by bank transfer.</summary>
    public string? Iban { get; init; }

    public CompanyRegister? Register { get; init; }
}

/// <summary>The entry in the register of companies (REA).</summary>
/// <param name="Office">The province: <c>NA</c>.</param>
/// <param name="Number">In the register.</param>
internal sealed record CompanyRegister(string Office, string Number)
{
    public decimal? Capital { get; init; }

    /// <summary>SU: one shareholder, SM: several; null: not stated.</summary>
    public string? SoleShareholder { get; init; }

    public bool InLiquidation { get; init; }
}

/// <summary>Stamp duty (bollo).</summary>
internal sealed record StampDutySettings
{
    public const decimal Amount = 2m;

    /// <summary>It is due above this sum without VAT, in euro.</summary>
    public decimal Threshold { get; init; } = 77.47m;

    /// <summary>Reasons for no VAT that count.</summary>
    public IReadOnlyList<string> Natures { get; init; } = ["N2.1", "N2.2", "N3.5", "N3.6", "N4"];

    /// <summary>The buyer pays it, in a line of its own.</summary>
    public bool ChargeBuyer { get; init; }

    /// <summary>Of that line; sellers of the flat-rate regime always have N2.2.</summary>
    public string ChargeNature { get; init; } = "N1";
}

/// <summary>Sales to consumers of other EU states with VAT of their state (OSS).</summary>
internal sealed record OneStopShopSettings
{
    /// <summary>Off: such sales have Italian VAT.</summary>
    public bool Enabled { get; init; }

    /// <summary>N3.2, or N7 as some advise.</summary>
    public string Nature { get; init; } = "N3.2";

    /// <summary>Of the line with the foreign VAT, which is no Italian one.</summary>
    public string VatNature { get; init; } = "N2.2";
}

/// <summary>Rates of VAT in Italy.</summary>
internal static class ItalianRates
{
    public static IReadOnlyList<decimal> All { get; } = [22m, 10m, 5m, 4m, 0m];
}
