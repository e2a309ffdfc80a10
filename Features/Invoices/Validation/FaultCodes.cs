namespace ECommerce.Features.Invoices.Validation;

/// <summary>Codes of faults: those of the SDI, and words for checks that the SDI does not make.</summary>
internal static class FaultCodes
{
    public const string FileName = "00001";
    public const string FileSize = "00003";
    public const string Schema = "00200";
    public const string Sender = "00300";
    public const string SellerVatNumber = "00301";
    public const string SellerTaxCode = "00302";
    public const string RepresentativeVatNumber = "00303";
    public const string RepresentativeTaxCode = "00304";
    public const string BuyerVatNumber = "00305";
    public const string BuyerTaxCode = "00306";
    public const string UnknownRecipient = "00311";
    public const string AbroadWithItalianNumber = "00313";
    public const string GroupWithoutTaxCode = "00326";
    public const string SdiPec = "00330";
    public const string LineWithoutNature = "00400";
    public const string LineWithRateAndNature = "00401";
    public const string FutureDate = "00403";
    public const string Duplicate = "00404";
    public const string DuplicateInBatch = "00409";
    public const string WithholdingMissing = "00411";
    public const string FundWithoutNature = "00413";
    public const string FundWithRateAndNature = "00414";
    public const string FundWithholdingMissing = "00415";
    public const string BuyerWithoutNumber = "00417";
    public const string DateBeforeInvoice = "00418";
    public const string RateWithoutSummary = "00419";
    public const string SplitReverseCharge = "00420";
    public const string Tax = "00421";
    public const string Taxable = "00422";
    public const string LineTotal = "00423";
    public const string VatPercentage = "00424";
    public const string NumberWithoutDigit = "00425";
    public const string PecWithCode = "00426";
    public const string CodeLength = "00427";
    public const string Format = "00428";
    public const string SummaryWithoutNature = "00429";
    public const string SummaryWithRateAndNature = "00430";
    public const string EmptyDocumentDiscount = "00437";
    public const string EmptyLineDiscount = "00438";
    public const string Rates = "00443";
    public const string Natures = "00444";
    public const string GenericLineNature = "00445";
    public const string GenericSummaryNature = "00448";
    public const string SameParties = "00471";
    public const string DifferentParties = "00472";
    public const string SellerCountry = "00473";
    public const string SelfInvoiceWithoutVat = "00474";
    public const string BuyerVatNumberMissing = "00475";
    public const string BothForeign = "00476";

    /// <summary>A file of that name was sent before: nothing is known about its invoice.</summary>
    public const string DuplicateFile = "00002";

    public const string Currency = "currency";
    public const string OrderTotal = "order_total";
    public const string DocumentTotal = "document_total";
    public const string LineNumbers = "line_numbers";
    public const string Iban = "iban";
    public const string Province = "province";
    public const string SellerHasBuyersTaxCode = "seller_tax_code";
    public const string VatRate = "vat_rate";
    public const string StampDuty = "stamp_duty";
    public const string SanMarino = "san_marino";
    public const string Prolog = "prolog";
}

/// <summary>Why a document is refused.</summary>
/// <param name="Code">See <see cref="FaultCodes"/>.</param>
/// <param name="Field">The element.</param>
/// <param name="Message">For the merchant.</param>
internal sealed record InvoiceFault(string Code, string Field, string Message);
