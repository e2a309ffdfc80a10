using ECommerce.Features.Invoices.Characters;
using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Features.Invoices.Parties;

/// <summary>
/// Who the buyer is to the tax office. The numbers decide whether a buyer is Italian, not the country of the address.
/// </summary>
/// <param name="Country">Of the address, ISO 3166.</param>
/// <param name="VatNumber">Null: there is none.</param>
/// <param name="TaxCode">Null: there is none, or it must not be written.</param>
internal sealed record BuyerIdentity(TaxNumber? VatNumber, string? TaxCode, string Country)
{
    // Buyers abroad need a number of any form.
    private const string NoNumber = "99999999999";
    private const int MaxNumberLength = 28;

    /// <summary>Has an Italian number, or lives in Italy.</summary>
    public bool IsItalian => VatNumber?.IsItalian ?? (TaxCode is not null || Country == Countries.Italy);

    /// <summary>Has a VAT number of its own.</summary>
    public bool IsBusiness => VatNumber is { Code: not NoNumber };

    public static BuyerIdentity From(InvoiceBuyer buyer)
    {
        var country = Countries.Code(buyer.Address.Country);
        var (vat, taxCode) = (FieldText.Code(buyer.VatNumber), FieldText.Code(buyer.TaxCode));
        // Customers put the tax code where the form asks for a VAT number.
        if (ItalianTaxCode.IsOfPerson(vat))
            (vat, taxCode) = ("", taxCode.Length == 0 ? vat : taxCode);
        taxCode = WithoutItaly(taxCode);
        if (country == Countries.Italy || IsItalianVatNumber(vat))
            return Italian(buyer, vat, taxCode, country);
        // A resident abroad with an Italian tax code is addressed like one who lives in Italy.
        if (vat.Length == 0 && taxCode.Length == 16 && ItalianTaxCode.IsOfPerson(taxCode))
            return new BuyerIdentity(null, taxCode, country);
        return new BuyerIdentity(Foreign(vat.Length > 0 ? vat : taxCode, country), null, country);
    }

    private static BuyerIdentity Italian(InvoiceBuyer buyer, string vat, string taxCode, string country)
    {
        if (vat.Length == 0)
            return new BuyerIdentity(null, NullIfEmpty(taxCode), country);
        // The address may be that of a foreign company in Italy.
        if (Countries.OfVatPrefix(vat, country) is { } prefix && prefix != Countries.Italy)
            return new BuyerIdentity(Foreign(vat, prefix), null, country);
        var number = new TaxNumber(TaxNumber.Italy, WithoutItaly(vat));
        // Two numbers of different subjects are refused, so the second one is written only where it must be (groups)
        // or is known to fit.
        var fits = buyer.IsVatGroup || buyer.TaxCodeBelongsToVatNumber;
        return new BuyerIdentity(number, fits ? NullIfEmpty(taxCode) : null, country);
    }

    private static TaxNumber Foreign(string number, string country)
    {
        if (number.Length == 0)
            return new TaxNumber(country, NoNumber);
        var prefix = Countries.OfVatPrefix(number, country);
        if (prefix == Countries.NorthernIreland && country is Countries.UnitedKingdom)
            return new TaxNumber(prefix, Cut(number[2..]));
        // The prefix of another country is part of the number: the country is that of the address.
        var code = prefix == country ? number[2..] : number;
        if (code.StartsWith(country, StringComparison.Ordinal) && prefix == country && code.Length > 4)
            code = code[2..];
        return new TaxNumber(country, Cut(code));
    }

    private static bool IsItalianVatNumber(string vat) =>
        vat.StartsWith(Countries.Italy, StringComparison.Ordinal) && ItalianVatNumber.HasForm(vat[2..]);

    private static string WithoutItaly(string number) =>
        number.StartsWith(Countries.Italy, StringComparison.Ordinal) && number.Length != 16 ? number[2..] : number;

    private static string Cut(string number) => number.Length > MaxNumberLength ? number[..MaxNumberLength] : number;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
