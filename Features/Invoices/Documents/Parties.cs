namespace ECommerce.Features.Invoices.Documents;

/// <summary>A tax number and the country that gave it: IdFiscaleIVA, IdTrasmittente.</summary>
internal sealed record TaxNumber(string Country, string Code)
{
    public const string Italy = "IT";

    public bool IsItalian => Country == Italy;
}

/// <summary>Anagrafica: a company has <see cref="Company"/>, a person the two others.</summary>
internal sealed record PartyName(string? Company, string? Firstname, string? Lastname);

/// <summary>Sede.</summary>
internal sealed record PostalAddress(
    string? Street, string? HouseNumber, string? Postcode, string? City, string? Province, string Country);

/// <summary>CedentePrestatore.</summary>
internal sealed record SellerParty(TaxNumber VatNumber, PartyName Name, string TaxRegime, PostalAddress Address)
{
    public string? TaxCode { get; init; }

    public string? Phone { get; init; }

    public string? Email { get; init; }

    public RegisterEntry? Register { get; init; }
}

/// <summary>IscrizioneREA.</summary>
internal sealed record RegisterEntry(
    string Office, string Number, decimal? Capital, string? SoleShareholder, string Liquidation);

/// <summary>CessionarioCommittente: at least one of the two numbers.</summary>
internal sealed record BuyerParty(TaxNumber? VatNumber, string? TaxCode, PartyName Name, PostalAddress Address);
