using System.Text;
using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Documents;

namespace ECommerce.Features.Invoices.Incoming.Files;

/// <summary>
/// Documents of others as rows. Nothing that they state may keep a file from being stored: texts are cut, and amounts
/// that no invoice has become zero.
/// </summary>
internal static class DocumentRows
{
    private const decimal MaxAmount = 999_999_999_999_999m;

    // As the column of dates.
    private static readonly DateOnly MinDay = new(1000, 1, 1);

    /// <param name="found">The event whose file states it.</param>
    /// <param name="document">What is stated.</param>
    /// <param name="position">In the file, from 1.</param>
    public static PoolDocument Create(PoolEvent found, InvoiceDocument document, int position)
    {
        var (general, seller, buyer) = (document.General, document.Seller, document.Buyer);
        var taxable = document.Summaries.Sum(static summary => Amount(summary.Taxable));
        var tax = document.Summaries.Sum(static summary => Amount(summary.Tax));
        return new PoolDocument
        {
            Tenant = found.Tenant,
            EventId = found.Id,
            SdiId = found.SdiId,
            Position = position,
            DocumentType = Cut(general.Kind, 8) ?? "",
            Number = Cut(general.Number, 64) ?? "",
            LocalDate = general.Date < MinDay ? MinDay : general.Date,
            SellerName = Cut(Name(seller.Name), 255) ?? "",
            SellerVatNumber = Cut(Number(seller.VatNumber), 32),
            SellerTaxCode = Cut(seller.TaxCode, 28),
            BuyerName = Cut(Name(buyer.Name), 255) ?? "",
            BuyerVatNumber = Cut(Number(buyer.VatNumber), 32),
            BuyerTaxCode = Cut(buyer.TaxCode, 28),
            Currency = Cut(general.Currency, 3) ?? CurrencyCodes.Default,
            TotalTaxable = Amount(taxable),
            TotalTax = Amount(tax),
            Total = Amount(general.Total ?? taxable + tax),
        };
    }

    /// <summary>A text that a column can hold; null: there is none.</summary>
    public static string? Cut(string? text, int length)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var line = new StringBuilder(Math.Min(text.Length, length));
        foreach (var rune in text.Trim().EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > length)
                break;
            // A broken pair has become a replacement character.
            line.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }
        return line.ToString();
    }

    private static string Name(PartyName name) => name.Company ?? $"{name.Firstname} {name.Lastname}".Trim();

    private static string? Number(TaxNumber? number) => number is null ? null : $"{number.Country}{number.Code}";

    private static decimal Amount(decimal amount) =>
        Math.Abs(amount) > MaxAmount ? 0 : Math.Round(amount, 2, MidpointRounding.AwayFromZero);
}
