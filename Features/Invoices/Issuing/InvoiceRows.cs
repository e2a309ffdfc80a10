using ECommerce.Features.Data.Entities.Invoices;
using ECommerce.Features.Invoices.Documents;

namespace ECommerce.Features.Invoices.Issuing;

/// <summary>Rows of documents.</summary>
internal static class InvoiceRows
{
    /// <summary>Fills the columns that the document decides.</summary>
    public static void Fill(this Invoice row, DocumentNumber number, InvoiceDocument document)
    {
        row.Year = number.Year;
        row.Number = number.Number;
        row.Reference = number.Reference;
        row.LocalDate = number.Day;
        row.DateAdd = number.Moment;
        row.DateUpd = number.Moment;
        row.State = "generated";
        row.FillBuyer(document.Buyer);
        row.FillAmounts(document);
    }

    public static void FillBuyer(this Invoice row, BuyerParty buyer)
    {
        row.BuyerName = buyer.Name.Company ?? $"{buyer.Name.Firstname} {buyer.Name.Lastname}".Trim();
        row.BuyerVatNumber = buyer.VatNumber is { } vat ? $"{vat.Country}{vat.Code}" : null;
        row.BuyerTaxCode = buyer.TaxCode;
    }

    public static void FillAmounts(this Invoice row, InvoiceDocument document)
    {
        row.Currency = document.General.Currency;
        row.TotalTaxable = document.Summaries.Sum(static summary => summary.Taxable);
        row.TotalTax = document.Summaries.Sum(static summary => summary.Tax);
        row.Total = document.General.Total ?? row.TotalTaxable + row.TotalTax;
        row.StampDuty = document.General.StampDuty ?? 0;
    }
}
