namespace ECommerce.Features.Invoices.Requests;

/// <summary>The customer, as shops store it: numbers may be dirty, or stand in each other's field.</summary>
internal sealed record InvoiceBuyer(InvoiceAddress Address)
{
    public string? Company { get; init; }

    public string? Firstname { get; init; }

    public string? Lastname { get; init; }

    public string? VatNumber { get; init; }

    /// <summary>Codice fiscale; shops call it dni.</summary>
    public string? TaxCode { get; init; }

    /// <summary>The code of the buyer's channel at the SDI.</summary>
    public string? RecipientCode { get; init; }

    public string? Pec { get; init; }

    /// <summary>The VAT number is that of a group, the tax code that of one of its members.</summary>
    public bool IsVatGroup { get; init; }

    /// <summary>VAT number and tax code are known to belong to the same subject.</summary>
    public bool TaxCodeBelongsToVatNumber { get; init; }

    /// <summary>Where the goods go, ISO 3166; null: to the country of the address.</summary>
    public string? DeliveryCountry { get; init; }
}

/// <summary>A postal address.</summary>
/// <param name="Country">ISO 3166, two letters.</param>
/// <param name="Province">Two letters for Italy; anything else is left out.</param>
/// <param name="Street">With the number of the house, if that is not given by itself.</param>
/// <param name="Postcode">As customers write it.</param>
/// <param name="City">The town.</param>
internal sealed record InvoiceAddress(string Street, string? Postcode, string City, string? Province, string Country)
{
    /// <summary>The number of the house, where it is not part of the street.</summary>
    public string? HouseNumber { get; init; }

    /// <summary>A second line of the street.</summary>
    public string? Street2 { get; init; }
}
