using System.Text.RegularExpressions;
using ECommerce.Features.Invoices.Characters;
using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Requests;

namespace ECommerce.Features.Invoices.Parties;

/// <summary>Seller, buyer and sender as they are written.</summary>
internal static partial class InvoiceParties
{
    private const string AbroadPostcode = "00000";
    private const int CompanyLength = 80;
    private const int TextLength = 60;

    public static SellerParty Seller(InvoiceSeller seller)
    {
        var number = FieldText.Code(seller.VatNumber);
        var code = number.StartsWith(TaxNumber.Italy, StringComparison.Ordinal) ? number[2..] : number;
        var taxCode = FieldText.Code(seller.TaxCode);
        return new SellerParty(
            new TaxNumber(TaxNumber.Italy, code), Name(seller.Company, seller.Firstname, seller.Lastname, false),
            seller.TaxRegime, Address(seller.Address))
        {
            TaxCode = taxCode.Length == 0 ? null : taxCode,
            Phone = FieldText.Phone(seller.Phone),
            Email = FieldText.Email(seller.Email),
            Register = seller.Register is { } register
                ? new RegisterEntry(
                    FieldText.Code(register.Office), FieldText.Ascii(register.Number, 20) ?? "", register.Capital,
                    register.SoleShareholder, register.InLiquidation ? "LS" : "LN")
                : null,
        };
    }

    /// <summary>The sender: by its tax code, which for a person is not the VAT number.</summary>
    public static TaxNumber Sender(InvoiceSettings settings, SellerParty seller)
    {
        var code = FieldText.Code(settings.TransmitterTaxCode);
        return new TaxNumber(TaxNumber.Italy, code.Length > 0 ? code : seller.TaxCode ?? seller.VatNumber.Code);
    }

    public static BuyerParty Buyer(InvoiceBuyer buyer, BuyerIdentity identity)
    {
        // A tax code of sixteen characters and no VAT number: a person, whatever the field of the company holds.
        var isPerson = identity.VatNumber is null && identity.TaxCode?.Length == 16;
        return new BuyerParty(
            identity.VatNumber, identity.TaxCode,
            Name(buyer.Company, buyer.Firstname, buyer.Lastname, isPerson), Address(buyer.Address));
    }

    private static PartyName Name(string? company, string? firstname, string? lastname, bool isPerson)
    {
        var (first, last) = (FieldText.Latin(firstname, TextLength), FieldText.Latin(lastname, TextLength));
        var full = FieldText.Latin(company, CompanyLength);
        var hasBoth = first is not null && last is not null;
        return hasBoth && (isPerson || full is null)
            ? new PartyName(null, first, last)
            : new PartyName(full ?? last ?? first, null, null);
    }

    private static PostalAddress Address(InvoiceAddress address)
    {
        var country = Countries.Code(address.Country);
        var street = string.IsNullOrWhiteSpace(address.Street2)
            ? address.Street
            : $"{address.Street} {address.Street2}";
        var isItalian = country == Countries.Italy;
        return new PostalAddress(
            FieldText.Latin(street, TextLength), FieldText.Ascii(address.HouseNumber, 8),
            isItalian ? Postcode(address.Postcode) : AbroadPostcode, FieldText.Latin(address.City, TextLength),
            isItalian ? Province(address.Province) : null, country);
    }

    private static string? Postcode(string? postcode)
    {
        var code = FieldText.Code(postcode);
        return code.Length == 0 ? null : PostcodeForm().Match(code) is { Success: true } match
            ? match.Groups[1].Value
            : code;
    }

    private static string? Province(string? province)
    {
        var code = FieldText.Code(province);
        if (code.Length == 4 && code.StartsWith(TaxNumber.Italy, StringComparison.Ordinal))
            code = code[2..];
        return code.Length == 2 && code.All(char.IsAsciiLetter) ? code : null;
    }

    [GeneratedRegex(@"^(?:IT|I)?([0-9]{5})\z")]
    private static partial Regex PostcodeForm();
}
