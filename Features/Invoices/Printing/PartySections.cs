using System.Text;
using ECommerce.Features.Invoices.Documents;
using ECommerce.Features.Invoices.Parties;

namespace ECommerce.Features.Invoices.Printing;

/// <summary>Seller and buyer on the page of a document.</summary>
internal static class PartySections
{
    // What a file states for addresses abroad, and for buyers abroad that have no number.
    private const string NoPostcode = "00000";
    private const string NoNumber = "99999999999";

    public static void Seller(StringBuilder page, SellerParty seller)
    {
        Begin(page, "Cedente / prestatore", seller.Name, seller.Address);
        Numbers(page, seller.VatNumber, seller.TaxCode);
        page.Line("Regime fiscale", ItalianTexts.Regime(seller.TaxRegime));
        if (seller.Register is { } register)
            page.Line("REA", $"{register.Office} {register.Number}");
        if (seller.Phone is not null)
            page.Line("Telefono", seller.Phone);
        if (seller.Email is not null)
            page.Line("E-mail", seller.Email);
        page.Append("</section>");
    }

    public static void Buyer(StringBuilder page, BuyerParty buyer, Transmission transmission)
    {
        Begin(page, "Cessionario / committente", buyer.Name, buyer.Address);
        Numbers(page, buyer.VatNumber, buyer.TaxCode);
        if (transmission.RecipientCode is not (BuyerAddressing.NoCode or BuyerAddressing.Abroad))
            page.Line("Codice destinatario", transmission.RecipientCode);
        if (transmission.Pec is not null)
            page.Line("PEC", transmission.Pec);
        page.Append("</section>");
    }

    private static void Begin(StringBuilder page, string role, PartyName name, PostalAddress address)
    {
        var isItalian = address.Country == TaxNumber.Italy;
        string?[] city =
        [
            address.Postcode == NoPostcode && !isItalian ? null : address.Postcode, address.City,
            address.Province is null ? null : $"({address.Province})",
        ];
        page.Append("<section><h2>").Text(role).Append("</h2><p class=\"name\">")
            .Text(name.Company ?? $"{name.Firstname} {name.Lastname}").Append("</p><p>")
            .Text($"{address.Street} {address.HouseNumber}").Append("</p><p>")
            .Text(string.Join(' ', city.Where(static part => !string.IsNullOrEmpty(part)))).Append("</p>");
        if (!isItalian)
            page.Line("Nazione", address.Country);
    }

    private static void Numbers(StringBuilder page, TaxNumber? vat, string? taxCode)
    {
        if (vat is { IsItalian: true } || (vat is not null && vat.Code != NoNumber))
            page.Line(vat.IsItalian ? "Partita IVA" : "Identificativo fiscale", $"{vat.Country}{vat.Code}");
        if (taxCode is not null)
            page.Line("Codice fiscale", taxCode);
    }
}
